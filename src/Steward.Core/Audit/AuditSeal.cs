using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Audit;

/// <summary>The end of the chain at a moment, signed (P-256, SHA-256) with the key of this data folder.</summary>
internal sealed record SignedHead(long Number, string Hash, DateTimeOffset At, string Signature)
{
    public byte[] Body => Encoding.UTF8.GetBytes($"steward audit head\n{Number}\n{Hash}\n{At:o}");
}

/// <summary>
/// Signs the end of the chain every hour and at stop, into a file beside the records: whoever rewrites the whole table
/// does not have the key and cannot make the file fit.
/// </summary>
internal sealed partial class AuditSeal(Settings settings, AuditLog log, TimeProvider clock, ILogger<AuditSeal> logger) : BackgroundService
{
    private readonly string _head = Path.Combine(settings.Data, "audit-head.json");

    private PrivateFile Key => new(Path.Combine(settings.Data, "keys", "audit.pem"));

    public async Task Sign(CancellationToken stop)
    {
        var end = await log.Head(stop);
        if (end.Number == 0 || end.Number == Last()?.Number)
            return;
        using var key = OpenKey();
        var head = new SignedHead(end.Number, end.Hash, clock.GetUtcNow(), "");
        head = head with { Signature = Convert.ToBase64String(key.SignData(head.Body, HashAlgorithmName.SHA256)) };
        new PrivateFile(_head).Replace(Json.Write(head));
    }

    /// <summary>The last signed head; null when there is none. A head that this key did not sign is <c>audit_head_forged</c>.</summary>
    public SignedHead? Last()
    {
        if (!File.Exists(_head))
            return null;
        try
        {
            var head = Json.Read<SignedHead>(File.ReadAllText(_head));
            using var key = OpenKey();
            if (key.VerifyData(head.Body, Convert.FromBase64String(head.Signature), HashAlgorithmName.SHA256))
                return head;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or FormatException or CryptographicException)
        {
            // said below: whatever it holds, it is not what this server wrote
        }

        throw ProblemException.Conflict("audit_head_forged", "The signed head of the audit chain (audit-head.json in the data folder) was not written by this server.", "Put the file and keys/audit.pem back from a backup, then verify again.");
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SignOrSay(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hour = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        try
        {
            while (await hour.WaitForNextTickAsync(stoppingToken))
                await SignOrSay(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // the server stops; StopAsync signs once more
        }
    }

    private async Task SignOrSay(CancellationToken stop)
    {
        try
        {
            await Sign(stop);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            NotSigned(logger, error);
        }
    }

    private ECDsa OpenKey()
    {
        var pem = Key.ReadOrCreate(() =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return made.ExportPkcs8PrivateKeyPem();
        });
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The head of the audit chain was not signed.")]
    private static partial void NotSigned(ILogger logger, Exception error);
}
