using System.Reflection;

namespace Orchestrator.Tests.PublicApi;

/// <summary>Types as a C# reader writes them, with what may be null.</summary>
internal static class TypeNames
{
    public static string Of(ParameterInfo parameter) => WithNullability(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));

    public static string Of(PropertyInfo property) => WithNullability(property.PropertyType, new NullabilityInfoContext().Create(property));

    public static string Of(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Of(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        return Simple(type, type.GetGenericArguments().Select(Of));
    }

    public static string GenericParameters(MethodInfo method) =>
        method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name + Constraints(argument)))}>"
            : "";

    private static string Constraints(Type argument)
    {
        string[] all =
        [
            .. argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? new[] { "class" } : [],
            .. argument.GetGenericParameterConstraints().Select(Of),
            .. argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? new[] { "new()" } : [],
        ];
        return all.Length == 0 ? "" : " : " + string.Join(" + ", all);
    }

    private static string WithNullability(Type type, NullabilityInfo info)
    {
        string name = type switch
        {
            { IsByRef: true } => "ref " + Of(type.GetElementType()!),
            { IsArray: true } when info.ElementType is { } element => WithNullability(type.GetElementType()!, element) + "[]",
            { IsGenericType: true } when Nullable.GetUnderlyingType(type) is null && info.GenericTypeArguments.Length == type.GetGenericArguments().Length =>
                Simple(type, type.GetGenericArguments().Zip(info.GenericTypeArguments, WithNullability)),
            _ => Of(type),
        };
        return type is { IsValueType: false, IsByRef: false } && info.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }

    private static string Simple(Type type, IEnumerable<string> arguments)
    {
        string name = Keyword(type) ?? type.Name.Split('`')[0];
        if (type is { IsNested: true, IsGenericParameter: false })
        {
            name = $"{Simple(type.DeclaringType!, [])}.{name}";
        }

        string list = string.Join(", ", arguments);
        return list.Length == 0 ? name : $"{name}<{list}>";
    }

    private static string? Keyword(Type type) => type.IsEnum ? null : type == typeof(object) ? "object" : type == typeof(void) ? "void" : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.Int32 => "int",
        TypeCode.Int64 => "long",
        TypeCode.Double => "double",
        TypeCode.String => "string",
        _ => null,
    };
}
