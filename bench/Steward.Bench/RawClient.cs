using System.Net.Sockets;
using System.Text;

namespace Steward.Bench;

/// <summary>A client that costs next to nothing: one connection, one prepared request, reads until the announced length.</summary>
internal sealed class RawClient(Uri server, string path, byte[] body, string headers = "") : IDisposable
{
    private readonly Socket _socket = Connect(server);
    private readonly byte[] _request = [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Length: {body.Length}\r\n{headers}\r\n"), .. body];
    private readonly byte[] _reply = new byte[256 * 1024];

    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public async Task Ask()
    {
        for (var sent = 0; sent < _request.Length;)
            sent += await _socket.SendAsync(_request.AsMemory(sent));
        var (filled, whole) = (0, int.MaxValue);
        while (filled < whole)
        {
            var read = await _socket.ReceiveAsync(_reply.AsMemory(filled));
            if (read == 0)
                throw new InvalidOperationException("The server closed the connection.");
            filled += read;
            if (whole == int.MaxValue && _reply.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is var end and >= 0)
                whole = end + 4 + Length(_reply.AsSpan(0, end));
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int Length(ReadOnlySpan<byte> head)
    {
        var text = Encoding.ASCII.GetString(head);
        if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            throw new InvalidOperationException(text);
        var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase) + 16;
        var stop = text.IndexOf('\r', at);
        return int.Parse(stop < 0 ? text[at..] : text[at..stop], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Socket Connect(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server.Host, server.Port);
        return socket;
    }
}
