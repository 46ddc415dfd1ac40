using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orchestrator.Tests.PublicApi;

/// <summary>Writes what an assembly shows its users: a line a type, and under it an indented line a member, in an order that does not depend on the source.</summary>
internal static class PublicApiWriter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Describe(Assembly assembly) =>
        from type in assembly.GetTypes()
        where IsVisible(type)
        orderby type.FullName
        from line in Describe(type)
        select line;

    private static IEnumerable<string> Describe(Type type) =>
        new[] { Header(type) }.Concat(Members(type).Select(member => "  " + member).Order(StringComparer.Ordinal));

    private static string Header(Type type)
    {
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<string> above = new[] { type.BaseType }
            .Where(parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            .Concat(type.IsEnum ? [] : type.GetInterfaces())
            .Select(parent => TypeNames.Of(parent!))
            .Order(StringComparer.Ordinal);
        string list = string.Join(", ", above);
        return $"{kind} {type.Namespace}.{TypeNames.Of(type)}{(list.Length == 0 ? "" : " : " + list)}";
    }

    private static IEnumerable<string> Members(Type type) =>
        type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}")
            :
            [
                .. type.GetConstructors(Declared).Where(IsVisible).Select(constructor => $"{Modifiers(constructor)}new({Parameters(constructor)})"),
                .. type.GetMethods(Declared).Where(method => IsVisible(method) && IsWritten(method)).Select(Method),
                .. type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(IsVisible)).Select(Property),
                .. type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!)).Select(e => $"{Modifiers(e.AddMethod!)}event {TypeNames.Of(e.EventHandlerType!)} {e.Name}"),
                .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly).Select(Field),
            ];

    private static string Method(MethodInfo method) =>
        $"{Modifiers(method)}{TypeNames.Of(method.ReturnParameter)} {method.Name}{TypeNames.GenericParameters(method)}({Parameters(method)})";

    private static string Property(PropertyInfo property)
    {
        IEnumerable<string> accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).Select(accessor =>
            accessor.ReturnType == typeof(void)
                ? accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;"
                : "get;");
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(TypeNames.Of))}]" : "";
        return $"{Modifiers(property.GetAccessors(nonPublic: true)[0])}{required}{TypeNames.Of(property)} {property.Name}{index} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Field(FieldInfo field) =>
        (field.IsLiteral ? "const " : field.IsStatic ? "static " : "") + $"{TypeNames.Of(field.FieldType)} {field.Name}" + (field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.Position == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "")
        + (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + $"{TypeNames.Of(parameter)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {(parameter.RawDefaultValue is string text ? $"\"{text}\"" : parameter.RawDefaultValue ?? "default")}" : "")));

    private static string Modifiers(MethodBase method) =>
        (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")
        + (method.IsStatic ? "static " : "")
        + (method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract " : method is { IsVirtual: true, IsFinal: false, IsAbstract: false } ? "virtual " : "");

    private static bool IsVisible(Type type) => type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily) && IsVisible(type.DeclaringType!) : type.IsPublic;

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || method.IsFamilyOrAssembly || (method.IsFamily && !method.DeclaringType!.IsSealed);

    // What the compiler adds, for records above all, says nothing that the type's line does not; accessors are written with their property.
    private static bool IsWritten(MethodInfo method) =>
        !method.IsDefined(typeof(CompilerGeneratedAttribute)) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));
}
