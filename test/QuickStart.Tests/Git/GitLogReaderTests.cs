using System.Text;
using QuickStart.Git;

namespace QuickStart.Tests.Git;

public sealed class GitLogReaderTests
{
    private const string Hash = "6a504f36a6d62b6f5b4a8b73baf438c34b372a68";

    [Test]
    public async Task ParseAsync_CommitWithAllKinds_JoinsChangesWithLineCounts()
    {
        string output = $"commit {Hash}\0" + "1700000000\0Ada\0ada@example.com\0"
            + "\n:000000 100644 0 1 A\0new\0:100644 120000 1 2 T\0link\0:100644 000000 1 0 D\0gone\0:100644 100644 1 2 R087\0old => x\0{new => y}\0"
            + "5\t0\tnew\01\t7\tlink\0-\t-\tgone\03\t2\t\0old => x\0{new => y}\0";

        GitCommit commit = (await ParseAsync(output)).Single();

        Assert.That((commit.Id, commit.AuthorName, commit.AuthorEmail, commit.AuthoredAt), Is.EqualTo((Hash, "Ada", "ada@example.com", 1_700_000_000L)));
        Assert.That(commit.Entries, Is.EqualTo(new[]
        {
            new GitEntry('A', "new", null, 5, 0),
            new GitEntry('M', "link", null, 1, 7),
            new GitEntry('D', "gone", null, null, null),
            new GitEntry('R', "{new => y}", "old => x", 3, 2),
        }));
    }

    [TestCase("commit 123")]
    [TestCase(":100644 100644 a b A")]
    [TestCase("1\t2\tx")]
    [TestCase("tab\tin name")]
    [TestCase("line\nfeed")]
    [TestCase("\nleading line feed")]
    [TestCase("-")]
    [TestCase(" ")]
    public async Task ParseAsync_PathThatLooksLikeSyntax_IsTakenAsIs(string path)
    {
        string output = $"commit {Hash}\01\0n\0e\0\n:0 1 2 3 M\0{path}\01\t2\t{path}\0commit {Hash}\02\0n\0e\0";

        List<GitCommit> commits = await ParseAsync(output);

        Assert.That(commits, Has.Count.EqualTo(2));
        Assert.That(commits[0].Entries.Single(), Is.EqualTo(new GitEntry('M', path, null, 1, 2)));
        Assert.That(commits[1].Entries, Is.Empty);
    }

    [TestCase("", 0)]
    [TestCase("-5", 0)]
    [TestCase("12x", 0)]
    [TestCase("99999999999999999999", 0)]
    [TestCase("253402300800", 0)]
    [TestCase("253402300799", 253_402_300_799)]
    public async Task ParseAsync_Date_IsSecondsOrNothing(string date, long expected) =>
        Assert.That((await ParseAsync($"commit {Hash}\0{date}\0n\0e\0")).Single().AuthoredAt, Is.EqualTo(expected));

    [TestCase("commit 1\0")]
    [TestCase("commit 1\01\0n\0e\0\n:0 1 2 3 M\0")]
    [TestCase("commit 1\01\0n\0e\0\n:0 1 2 3 M\0cut")]
    [TestCase("commit 1\01\0n\0e\0\n:0 1 2 3 M\0x\0")]
    [TestCase("commit 1\01\0n\0e\0\n:0 1 2 3 X\0x\01\t2\tx\0")]
    [TestCase("something else\0")]
    public void ParseAsync_DamagedOutput_Throws(string output) => Assert.That(() => ParseAsync(output), Throws.TypeOf<GitException>());

    [Test]
    public async Task ParseAsync_OutputInSingleBytes_IsTheSame()
    {
        string output = $"commit {Hash}\01\0{new string('n', 100_000)}\0e\0\n:0 1 2 3 M\0päth\01\t2\tpäth\0";

        await using var stream = new SingleByteStream(Encoding.UTF8.GetBytes(output));
        List<GitCommit> commits = await GitLogReader.ParseAsync(stream, default).ToListAsync();

        Assert.That(commits.Single().AuthorName, Has.Length.EqualTo(100_000));
        Assert.That(commits.Single().Entries.Single().Path, Is.EqualTo("päth"));
    }

    [Test]
    public void From_DifferentBytes_GivesDifferentText()
    {
        byte[][] names = ["é"u8.ToArray(), [0xe9], "\"\\351\""u8.ToArray(), "\\351"u8.ToArray(), "e\u0301"u8.ToArray(), [0xe9, 0xe9], "\""u8.ToArray()];

        Assert.That(names.Select(name => GitText.From(name)), Is.Unique);
        Assert.That(GitText.From([0xe9]), Is.EqualTo("\"\\351\""));
    }

    private static async Task<List<GitCommit>> ParseAsync(string output)
    {
        await using var stream = new MemoryStream(Encoding.UTF8.GetBytes(output));
        return await GitLogReader.ParseAsync(stream, default).ToListAsync();
    }

    private sealed class SingleByteStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
