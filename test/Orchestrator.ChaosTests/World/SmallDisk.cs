using System.Globalization;
using Npgsql;

namespace Orchestrator.ChaosTests.World;

/// <summary>A small file system in memory with a tablespace on it, which can be full. To mount it takes root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string NamePrefix = "orchestrator-chaos-disk-";
    private const string Size = "256m";

    private readonly string _folder;

    private SmallDisk(string folder)
    {
        _folder = folder;
        Tablespace = "disk_" + Path.GetFileName(folder)[NamePrefix.Length..].Replace('-', '_').ToLowerInvariant();
    }

    /// <summary>The tablespace's name.</summary>
    public string Tablespace { get; }

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Mounts one, and makes the tablespace.</summary>
    /// <returns>The disk, or why there is none.</returns>
    public static async Task<(SmallDisk? Disk, string? WhyNot)> TryCreateAsync(NpgsqlDataSource dataSource)
    {
        await SweepAsync();
        string folder = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{Environment.ProcessId}-")).FullName;
        if (await Shell.TryRunAsync("mount", "-t", "tmpfs", "-o", $"size={Size},mode=0755", "tmpfs", folder) is { } whyNot)
        {
            Directory.Delete(folder);
            return (null, $"no file system can be mounted here ({whyNot})");
        }

        var disk = new SmallDisk(folder);
        string place = Directory.CreateDirectory(Path.Combine(folder, "tablespace")).FullName;
        await using NpgsqlCommand ask = dataSource.CreateCommand("SHOW data_directory");
        if (await Shell.TryRunAsync("chown", $"--reference={await ask.ExecuteScalarAsync()}", place) is { } notOwned)
        {
            await disk.DisposeAsync();
            return (null, notOwned);
        }

        await using NpgsqlCommand create = dataSource.CreateCommand($"CREATE TABLESPACE {disk.Tablespace} LOCATION '{place}'");
        await create.ExecuteNonQueryAsync();
        return (disk, null);
    }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        while (new DriveInfo(_folder).AvailableFreeSpace is > 0 and var free)
        {
            try
            {
                using FileStream more = File.Open(string.Create(CultureInfo.InvariantCulture, $"{Filler}{free}"), new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    PreallocationSize = free,
                });
            }
            catch (IOException)
            {
                // A table grew meanwhile: less is left now.
            }
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free()
    {
        foreach (string filler in Directory.EnumerateFiles(_folder, Path.GetFileName(Filler) + "*"))
        {
            File.Delete(filler);
        }
    }

    /// <summary>Unmounts it, at the latest when the server has closed its files.</summary>
    public async ValueTask DisposeAsync() => await RemoveAsync(_folder);

    // Those of processes that were killed.
    private static async Task SweepAsync()
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), NamePrefix + "*"))
        {
            if (!Directory.Exists($"/proc/{Path.GetFileName(folder)[NamePrefix.Length..].Split('-')[0]}"))
            {
                await RemoveAsync(folder);
            }
        }
    }

    private static async Task RemoveAsync(string folder)
    {
        await Shell.TryRunAsync("umount", "--lazy", folder);
        Directory.Delete(folder, recursive: true);
    }
}
