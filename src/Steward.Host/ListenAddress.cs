using System.Net;
using System.Net.Sockets;

namespace Steward.Host;

/// <summary>Whether a server could listen where the settings say.</summary>
internal static class ListenAddress
{
    /// <summary>What is in the way, in words; null when nothing is. Port 0 is never taken.</summary>
    public static ProblemException? Trouble(Settings settings)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(settings.ListenOn, settings.Port));
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is SocketError.AddressAlreadyInUse
                ? ProblemException.Conflict("port_in_use", $"Port {settings.Port} is in use by another program.", "Choose another with --port N; --port 0 takes any free one.")
                : ProblemException.Invalid("address_unusable", $"{settings.Bind}:{settings.Port} cannot be listened on: {error.Message}.", "Choose another with --bind ADDRESS or --port N; ports under 1024 are for root.");
        }
    }
}
