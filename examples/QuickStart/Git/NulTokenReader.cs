namespace QuickStart.Git;

/// <summary>Cuts a stream into tokens that end in NUL, which is what <c>-z</c> makes of git's output.</summary>
internal sealed class NulTokenReader(Stream stream)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next token without its NUL, valid until the next call; null at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)0);
            if (length >= 0)
            {
                ReadOnlyMemory<byte> token = _buffer.AsMemory(_start, searched + length);
                _start += searched + length + 1;
                return token;
            }

            searched = _end - _start;
            MakeRoom();
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return searched == 0 ? null : throw new GitException("Git's output ends in the middle of an entry.");
            }

            _end += read;
        }
    }

    /// <summary>The next token, which the format promises.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> DemandAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken) ?? throw new GitException("Git's output ends in the middle of a commit.");

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
