using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Workflows;

/// <summary>The key under which a service of a workflow does something outside for a request.</summary>
public static class WorkflowIdempotencyKey
{
    /// <summary>Computes the key. It depends on the three names alone; it will not change with later versions of this library.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="service">The service's name.</param>
    /// <returns>A UUID of version 8 (RFC 9562): the first 16 bytes of SHA-256 over the three in this order, each as its length in bytes (4 bytes, big-endian) and its UTF-8, with version and variant set.</returns>
    public static Guid Of(string workflow, string requestId, string service)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        ArgumentException.ThrowIfNullOrEmpty(service);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Framed(workflow), .. Framed(requestId), .. Framed(service)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    // The lengths keep ("a", "bc") and ("ab", "c") apart.
    private static byte[] Framed(string text)
    {
        byte[] framed = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32BigEndian(framed, framed.Length - sizeof(int));
        Encoding.UTF8.GetBytes(text, framed.AsSpan(sizeof(int)));
        return framed;
    }
}
