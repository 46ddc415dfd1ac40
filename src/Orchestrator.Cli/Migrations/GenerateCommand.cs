using System.CommandLine;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.Cli.Migrations;

/// <summary><c>orchestrator migrations generate</c>: writes the schema as .sql files for those who apply migrations with psql or a tool of their own.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--output", "-o")
        {
            Description = "The folder to write to; created when it is missing.",
            DefaultValueFactory = _ => new DirectoryInfo("migrations"),
        };
        var force = new Option<bool>("--force") { Description = "Overwrite files that differ." };
        var adopt = new Option<bool>("--adopt") { Description = "Also write 000_adopt_existing_log, to be applied first: it makes an events table that another program created fit, and keeps its rows." };
        var names = new NameOptions();
        var command = new Command("generate", "Writes the migrations as .up.sql and .down.sql files. They can run again without harm, and record what they did, as MigrateOrchestratorAsync() does.") { output, force, adopt };
        names.AddTo(command);
        command.SetAction(async (line, cancellationToken) =>
        {
            var console = new CommandConsole(line.InvocationConfiguration);
            PostgreSqlOptions options = names.Read(line);
            options.AdoptExistingLog = line.GetValue(adopt);
            return await RunAsync(options, line.GetValue(output)!, line.GetValue(force), console, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(PostgreSqlOptions options, DirectoryInfo folder, bool force, CommandConsole console, CancellationToken cancellationToken)
    {
        if (new PostgreSqlOptionsValidator().Validate(null, options) is { Failed: true } faults)
        {
            await console.FailAsync(faults.Failures);
            return ExitCodes.WrongCommandLine;
        }

        IReadOnlyList<MigrationFile> files = MigrationFile.Render(options);
        try
        {
            return await WriteAsync(files, folder, force, console, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await console.FailAsync([$"Cannot write to {folder.FullName}: {e.Message}"]);
            return ExitCodes.Refused;
        }
    }

    private static async Task<int> WriteAsync(IReadOnlyList<MigrationFile> files, DirectoryInfo folder, bool force, CommandConsole console, CancellationToken cancellationToken)
    {
        folder.Create();
        string PathOf(MigrationFile file) => Path.Combine(folder.FullName, file.Name);
        var differing = new List<string>();
        foreach (MigrationFile file in files.Where(file => File.Exists(PathOf(file))))
        {
            if (await File.ReadAllTextAsync(PathOf(file), cancellationToken) != file.Content)
            {
                differing.Add(PathOf(file));
            }
        }

        if (differing.Count > 0 && !force)
        {
            await console.FailAsync([.. differing.Select(path => $"{path} exists and differs."), "Nothing was written. Use --force to overwrite, or another --output."]);
            return ExitCodes.Refused;
        }

        foreach (MigrationFile file in files)
        {
            await File.WriteAllTextAsync(PathOf(file), file.Content, cancellationToken);
            await console.WriteLineAsync(PathOf(file));
        }

        return ExitCodes.Success;
    }
}
