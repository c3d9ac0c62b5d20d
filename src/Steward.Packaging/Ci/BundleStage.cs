using System.Security.Cryptography;
using Steward.Identity;
using Steward.Packaging.HandOver;

namespace Steward.Packaging.Ci;

/// <summary>What is handed over, signed by who runs the stages.</summary>
internal static class BundleStage
{
    public static async Task<CiSaid> Bundle(CiRun run, CancellationToken stop)
    {
        var version = await run.Version(stop);
        if (Key() is not { } key)
            return new($"There is no key to sign with, so no bundle was written. Make one: steward user key add. Or give one: {SigningKey.Variable}.");
        using (key)
        {
            var made = await BundleFiles.Write(run.Server, run.File.Project, new(version.Model, version.Version, null), new(Image: false), key, run.Path($"{version.Model}-{version.Version}.zip"), stop);
            return new($"{made.Sentence}", Facts: new { made.File, made.Report.Signer });
        }
    }

    private static ECDsa? Key()
    {
        try
        {
            return SigningKey.Open(SigningKey.Usual);
        }
        catch (ProblemException none) when (none.Kind is ProblemKind.NotFound)
        {
            return null;
        }
    }
}
