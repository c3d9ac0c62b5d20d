using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Steward.Data.Tests.Connections;

/// <summary>A line to a server that is cut, hard, once a connection has carried so many bytes.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _to;

    public CuttingProxy(int to, long cutAfter)
    {
        (_to, CutAfter) = (to, cutAfter);
        _listener.Start();
        _ = Accept();
    }

    public long CutAfter { get; set; }

    /// <summary>After the first cut nothing gets through any more.</summary>
    public bool OnlyOnce { get; set; }

    public int Cuts { get; private set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Carry(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Carry(Socket client)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
            try
            {
                if (OnlyOnce && Cuts > 0)
                    return;
                await server.ConnectAsync(IPAddress.Loopback, _to, _end.Token);
                await Task.WhenAny(Pump(client, server, long.MaxValue), Pump(server, client, CutAfter));
                // A reset, as from a router that was switched off.
                client.LingerState = new(true, 0);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException)
            {
            }
    }

    private async Task Pump(Socket from, Socket to, long most)
    {
        var buffer = new byte[1 << 16];
        while (most > 0 && await from.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most)), _end.Token) is var read and > 0)
        {
            await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
            most -= read;
        }

        if (most == 0)
            Cuts++;
    }
}

/// <summary>A web server that announces one length and sends another.</summary>
public sealed class Liar : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _announced, _sent;

    public Liar(int announced, int sent)
    {
        (_announced, _sent) = (announced, sent);
        _listener.Start();
        _ = Serve();
    }

    public string? Md5 { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var stream = client.GetStream();
                var asked = new byte[8192];
                var read = await stream.ReadAsync(asked, _end.Token);
                var head = Encoding.ASCII.GetString(asked, 0, read).StartsWith("HEAD", StringComparison.Ordinal);
                // Asked what it has, it says one length; giving it, another, and closes at the end of what it sends.
                var length = head || _sent < _announced ? _announced : _sent;
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nETag: \"same\"\r\n{(Md5 is null ? "" : $"Content-MD5: {Md5}\r\n")}Connection: close\r\n\r\n"), _end.Token);
                if (!head)
                    await stream.WriteAsync(new byte[_sent], _end.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
        }
    }
}
