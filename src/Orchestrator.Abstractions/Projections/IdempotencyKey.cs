using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Projections;

/// <summary>
/// The key under which a projection does something outside the database for an event: the same for every attempt, on every worker, so that whoever is asked twice can tell.
/// </summary>
public static class IdempotencyKey
{
    /// <summary>Computes the key. It depends on the projection's name and the event's id alone, never on its position; it will not change with later versions of this library.</summary>
    /// <param name="projection">The projection's name. Another name is another key: a projection that is renamed does everything again.</param>
    /// <param name="eventId">The event's id.</param>
    /// <returns>A UUID of version 8 (RFC 9562): the first 16 bytes of SHA-256 over the event's id (16 bytes, big-endian) and the name (UTF-8), with version and variant set.</returns>
    public static Guid Of(string projection, Guid eventId)
    {
        ArgumentException.ThrowIfNullOrEmpty(projection);
        byte[] input = [.. eventId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(projection)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
