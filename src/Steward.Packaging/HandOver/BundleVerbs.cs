using System.CommandLine;
using System.Security.Cryptography;
using Steward.Cli;
using Steward.Identity;
using Steward.Models;

namespace Steward.Packaging.HandOver;

/// <summary><c>steward model bundle</c> and <c>steward verify</c>.</summary>
internal static class BundleVerbs
{
    private const long MostKeyBytes = 64 << 10;

    public static Command Bundle(Server server)
    {
        var which = new Argument<string>("version") { Description = "name@4, name@alias, or name for the one that serves." };
        var to = new Option<FileInfo>("--to") { Description = "The file to write: fruit.zip.", Required = true };
        var image = new Option<bool>("--with-image") { Description = "With the bytes of the container image; without, its digest." };
        var key = new Option<string>("--key") { Description = $"The name of your key, as steward user key add made it, or {SigningKey.Variable} (PEM).", DefaultValueFactory = _ => SigningKey.Usual };
        var verb = new Command("bundle", "Write a version with all that belongs to it into one signed file: model, card, lock, image, evidence, votes, story.") { which, to, image, key };
        verb.SetAction(async (line, stop) =>
        {
            using var mine = SigningKey.Open(line.GetRequiredValue(key));
            var made = await BundleFiles.Write(server, server.Project(), Reference.Parse("model", line.GetRequiredValue(which)), new(line.GetValue(image)), mine, line.GetRequiredValue(to).FullName, stop);
            Show.Done(line, $"{made.Sentence}\nWho gets it checks it with: steward verify {Path.GetFileName(made.File)} --key YOUR-PUBLIC-KEY.pem",
                new { made.File, made.Report.Index!.Model, made.Report.Index.Version, made.Report.Index.Seal, made.Report.Signer, files = made.Report.Index.Files });
        });
        return verb;
    }

    public static Command Verify()
    {
        var file = new Argument<FileInfo>("file") { Description = "What steward model bundle wrote." };
        var keys = new Option<FileInfo[]>("--key") { Description = "A public key (PEM) that you trust, as its owner gave it to you; then only such keys count. Several: once each.", DefaultValueFactory = _ => [] };
        var verb = new Command("verify", "Check a bundle without any server: every byte, the signature, the votes, the record. Exit code 1 when something does not hold.") { file, keys };
        verb.SetAction(async (line, stop) =>
        {
            var trusted = new List<ECDsa>();
            try
            {
                foreach (var one in line.GetRequiredValue(keys))
                    trusted.Add(SigningKey.Public(one.Name, one is { Exists: true, Length: < MostKeyBytes } ? await File.ReadAllTextAsync(one.FullName, stop) : throw ProblemException.NotFound("file", one.FullName)));
                var report = await BundleReport.Of(line.GetRequiredValue(file).FullName, trusted, stop);
                if (line.GetValue(Show.AsJson))
                    Console.WriteLine(Json.Write(report));
                else
                    Tell(report);
                return report.Holds ? 0 : 1;
            }
            finally
            {
                trusted.ForEach(key => key.Dispose());
            }
        });
        return verb;
    }

    private static void Tell(BundleReport report)
    {
        if (report.Index is { } index)
            Console.WriteLine($"{Names.Shorten(index.Model)}@{index.Version} of {Names.Shorten(index.Project)}, fingerprint {Fingerprint.Of(index.Seal)}: {Say.Count(index.Files.Count, "file")}.");
        if (report.Holds)
        {
            Console.WriteLine($"Every byte is what was signed. Votes: {report.Votes ?? "nobody was asked"}. Record: {Say.Count(report.AuditEntries, "entry", "entries")}.");
            Console.WriteLine($"Signed by {Fingerprint.Of(Digest.Parse(report.Signer!))} ({report.Signer![..16]}).");
            if (!report.Trusted)
                Console.WriteLine("The key is the one in the file. To rule out a forged one, compare these words with what its owner sees (steward user key list), or add --key FILE.");
            return;
        }

        foreach (var complaint in report.Complaints)
            Console.WriteLine(complaint);
        Console.WriteLine("Do not use it. Ask for it again from whoever gave it to you.");
    }
}
