using System.Buffers.Binary;

namespace Orchestrator.ChaosTests.Proxy;

/// <summary>
/// Follows one direction of a connection and tells where each message of PostgreSQL's protocol ends (https://www.postgresql.org/docs/current/protocol-message-formats.html): a byte for the type, four for the length, the
/// body. Keeps the beginning of a body only, however the bytes are cut into pieces.
/// </summary>
/// <param name="beginsUntyped">Whether the first message has no type: that of a client.</param>
internal sealed class MessageScanner(bool beginsUntyped)
{
    private const int LengthBytes = 4;
    private const int MostKept = 64;

    private readonly byte[] _header = new byte[1 + LengthBytes];
    private readonly byte[] _body = new byte[MostKept];
    private int _headerHas = beginsUntyped ? 1 : 0;
    private int _bodyHas;
    private int _bodyLength;

    /// <summary>Reads on until a message ends.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="offset">From where; afterwards, behind the message.</param>
    /// <param name="message">The message that has ended.</param>
    /// <returns>False: everything was read, and the message that it ended in is not complete.</returns>
    public bool TryRead(ReadOnlySpan<byte> bytes, ref int offset, out Message message)
    {
        message = default;
        if (!TryReadHeader(bytes, ref offset))
        {
            return false;
        }

        int taken = Math.Min(_bodyLength - _bodyHas, bytes.Length - offset);
        if (_bodyHas < MostKept)
        {
            int kept = Math.Min(taken, MostKept - _bodyHas);
            bytes.Slice(offset, kept).CopyTo(_body.AsSpan(_bodyHas));
        }

        offset += taken;
        _bodyHas += taken;
        if (_bodyHas < _bodyLength)
        {
            return false;
        }

        message = new Message((char)_header[0], _body.AsMemory(0, Math.Min(_bodyLength, MostKept)));
        (_headerHas, _bodyHas, _header[0]) = (0, 0, 0);
        return true;
    }

    private bool TryReadHeader(ReadOnlySpan<byte> bytes, ref int offset)
    {
        if (_headerHas == _header.Length)
        {
            return true;
        }

        int taken = Math.Min(_header.Length - _headerHas, bytes.Length - offset);
        bytes.Slice(offset, taken).CopyTo(_header.AsSpan(_headerHas));
        offset += taken;
        _headerHas += taken;
        if (_headerHas < _header.Length)
        {
            return false;
        }

        // The length counts itself.
        _bodyLength = BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(1)) - LengthBytes;
        return true;
    }
}

/// <summary>A message of the protocol: its type, and how its body begins. Valid until the scanner reads on.</summary>
internal readonly record struct Message(char Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>The server's answer that a transaction was committed.</summary>
    public bool IsCommitAnswer => Type == 'C' && Body.Span.SequenceEqual("COMMIT\0"u8);

    /// <summary>The last message of every answer.</summary>
    public bool IsReadyForQuery => Type == 'Z';
}
