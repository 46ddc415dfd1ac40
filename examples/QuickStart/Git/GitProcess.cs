using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace QuickStart.Git;

/// <summary>Runs git in one repository, away from whatever the user's configuration and environment would change about its answers.</summary>
internal static class GitProcess
{
    // Settings that no flag of `git log` overrides; see README.md.
    private static readonly string[] PinnedSettings =
    [
        "core.quotepath=off", "i18n.logOutputEncoding=UTF-8", "log.showSignature=false", "log.showRoot=true", "log.mailmap=false",
        "log.follow=false", "diff.relative=false", "core.commitGraph=true", "color.ui=false", "core.pager=cat",
    ];

    // Git sets these for its hooks and aliases; they would send us to another repository.
    private static readonly string[] ForeignVariables = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS"];

    /// <summary>Runs git to its end and gives its standard output, as UTF-8 text.</summary>
    public static async Task<string> ReadAsync(string repository, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        await RunAsync(repository, arguments, (output, token) => output.CopyToAsync(text, token), cancellationToken);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Runs git and hands its standard output, as it comes, to a reader.</summary>
    public static Task RunAsync(string repository, IEnumerable<string> arguments, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken) =>
        RunAsync(repository, arguments, (process, token) => read(process.StandardOutput.BaseStream, token), redirectInput: false, cancellationToken);

    /// <summary>Runs git and feeds its standard input.</summary>
    public static Task FeedAsync(string repository, IEnumerable<string> arguments, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        RunAsync(
            repository,
            arguments,
            async (process, token) =>
            {
                Task drain = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, token);
                await using (Stream input = process.StandardInput.BaseStream)
                {
                    await write(input, token);
                }

                await drain;
            },
            redirectInput: true,
            cancellationToken);

    private static async Task RunAsync(
        string repository, IEnumerable<string> arguments, Func<Process, CancellationToken, Task> talk, bool redirectInput, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = CreateStartInfo(repository, arguments, redirectInput) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new GitException("Git is not installed, or not on the PATH. QuickStart reads a repository's history with it.", e);
        }

        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            IOException? brokenPipe = await TalkAsync(process, talk, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0 || brokenPipe is not null)
            {
                throw new GitException($"git {arguments.First()} failed in {repository}: {(await errors).Trim()}", brokenPipe);
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    // A git that gives up closes the pipe under us; what it said on standard error is the better message.
    private static async Task<IOException?> TalkAsync(Process process, Func<Process, CancellationToken, Task> talk, CancellationToken cancellationToken)
    {
        try
        {
            await talk(process, cancellationToken);
            return null;
        }
        catch (IOException e)
        {
            return e;
        }
    }

    private static ProcessStartInfo CreateStartInfo(string repository, IEnumerable<string> arguments, bool redirectInput)
    {
        var info = new ProcessStartInfo("git", ["-C", repository, "--no-pager", .. PinnedSettings.SelectMany(setting => new[] { "-c", setting }), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in ForeignVariables)
        {
            info.Environment.Remove(name);
        }

        // Messages in one language; dates that are printed as days are days in UTC.
        info.Environment["LC_ALL"] = "C";
        info.Environment["TZ"] = "UTC";
        return info;
    }
}
