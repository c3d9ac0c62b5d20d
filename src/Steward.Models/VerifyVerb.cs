using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Steward.Cli;
using Steward.Identity;

namespace Steward.Models;

/// <summary><c>steward signoff verify</c>: needs a file and no server.</summary>
internal static class VerifyVerb
{
    private const long MostFileBytes = 16 << 20, MostKeyBytes = 64 << 10;

    public static Command Tree()
    {
        var file = new Argument<FileInfo>("file") { Description = "What steward signoff show NUMBER --json wrote." };
        var keys = new Option<FileInfo[]>("--key") { Description = "A public key (PEM) that you trust, as its owner gave it to you; then only such keys count. Several: once each.", DefaultValueFactory = _ => [] };
        var model = new Option<FileInfo?>("--model") { Description = "The model file that was voted on, to see that it is the one." };
        var verb = new Command("verify", "Check the votes of a file without any server. Exit code 0: everybody agreed and every signature holds; 5: they hold, and people are still asked; else 1.") { file, keys, model };
        verb.SetAction(async (line, stop) =>
        {
            var trusted = new List<ECDsa>();
            try
            {
                foreach (var one in line.GetRequiredValue(keys))
                    trusted.Add(SigningKey.Public(one.Name, await Text(one, MostKeyBytes, stop)));
                var said = Proof.Read(await Text(line.GetRequiredValue(file), MostFileBytes, stop));
                var proof = Proof.Of(said, trusted, line.GetValue(model) is { } onnx ? await Hash(onnx, stop) : null);
                Tell(line, said, proof, trusted.Count > 0);
                return proof.Complaints.Count > 0 ? 1 : proof.Verdict switch { Verdict.Approved => 0, Verdict.Open => ProblemKind.WaitingForPeople.ExitCode(), _ => 1 };
            }
            finally
            {
                trusted.ForEach(key => key.Dispose());
            }
        });
        return verb;
    }

    private static void Tell(ParseResult line, SignOffView said, Proof proof, bool trusted)
    {
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(proof));
            return;
        }

        Console.WriteLine($"Sign-off {said.Number} of {said.Project}: {said.Model}@{said.Version}, {proof.Verdict.Words}, fingerprint {said.Words}.");
        Show.List(line, proof.Votes, "Nobody voted.", ("who", vote => vote.By), ("for", vote => vote.Party), ("said", vote => vote.Decision.ToString().ToLowerInvariant()), ("at", vote => vote.At.ToString("u", CultureInfo.InvariantCulture)),
            ("key", vote => vote.Key[..Math.Min(16, vote.Key.Length)]), ("in words", vote => vote.Words), ("", vote => vote.Holds ? "holds" : "DOES NOT HOLD"));
        foreach (var complaint in proof.Complaints)
            Console.WriteLine(complaint);
        if (!trusted)
            Console.WriteLine("The keys are those in the file. To rule out forged ones, compare them with what their owners see (steward user key list), or add --key FILE.");
    }

    private static async Task<string> Text(FileInfo file, long most, CancellationToken stop)
    {
        Demand(file);
        return file.Length <= most ? await File.ReadAllTextAsync(file.FullName, stop) : throw ProblemException.Invalid("file_too_large", $"'{file.Name}' has {Say.Bytes(file.Length)}; at most {Say.Bytes(most)} are read.");
    }

    private static async Task<Digest> Hash(FileInfo file, CancellationToken stop)
    {
        Demand(file);
        await using var bytes = file.OpenRead();
        return Digest.FromHash(await SHA256.HashDataAsync(bytes, stop));
    }

    private static void Demand(FileInfo file)
    {
        if (!file.Exists)
            throw ProblemException.NotFound("file", file.Name);
    }
}
