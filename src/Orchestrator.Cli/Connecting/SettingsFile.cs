using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Orchestrator.Cli.Connecting;

/// <summary>The application's settings file: <c>appsettings.json</c> of the current folder where there is one, or another that is named.</summary>
internal static class SettingsFile
{
    public const string DefaultName = "appsettings.json";

    /// <summary>Reads the file.</summary>
    /// <param name="named">The file that was asked for; null: the default one, if it exists.</param>
    /// <returns>Where it is, and what it holds; nothing where there is none.</returns>
    /// <exception cref="UsageException">The file that was named is missing, or what is there cannot be read.</exception>
    public static (string Path, IConfigurationRoot Content) Read(FileInfo? named)
    {
        string path = named?.FullName ?? System.IO.Path.GetFullPath(DefaultName);
        if (named is { Exists: false })
        {
            throw new UsageException($"--config: there is no file {path}.");
        }

        try
        {
            return (path, new ConfigurationBuilder().AddJsonFile(path, optional: named is null, reloadOnChange: false).Build());
        }
        catch (InvalidDataException e)
        {
            // Without the reader's own words: they repeat a part of the file, which may hold a password.
            throw new UsageException($"{path} is not valid JSON{(Cause<JsonException>(e)?.LineNumber is { } line ? $": see line {line + 1}" : "")}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read {path}: {e.Message}");
        }
    }

    private static T? Cause<T>(Exception? exception)
        where T : Exception => exception is null or T ? (T?)exception : Cause<T>(exception.InnerException);
}
