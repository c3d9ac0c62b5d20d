using System.CommandLine;
using Spectre.Console;
using Steward.Cli;
using Steward.Host.Templates;

namespace Steward.Host.Verbs;

/// <summary><c>steward new fruit --images DIR</c>: a project that stays, made from a folder of somebody's own pictures.</summary>
internal static class NewFromPictures
{
    /// <summary>Beyond this the pictures stay where they are, and the project file points there.</summary>
    private const long MostCopied = 2_000_000_000;

    private const string Pictures = "data/pictures";

    public static Task<int> Run(ParseResult line, string template, string images, string? name, string? folder, CancellationToken stop)
    {
        var own = OwnProject.Of(images, name, stop);
        var target = Target(own, folder);
        var file = Path.Combine(target, ProjectHere.FileName);
        if (File.Exists(file) || Directory.Exists(Path.Combine(target, Pictures)))
            throw ProblemException.Conflict("project_there", $"{(File.Exists(file) ? file : Path.Combine(target, Pictures))} is there already.", $"Name another folder: steward new {template} --images {Quote(images)} FOLDER");
        var bytes = own.Folder.Pictures.Sum(picture => new FileInfo(Path.Combine(own.Folder.Root, picture.Key)).Length);
        var copied = bytes <= MostCopied;
        Directory.CreateDirectory(target);
        if (copied)
            Copy(own, Path.Combine(target, Pictures), stop);
        // Last, so that a folder with a steward.yaml is a whole project.
        File.WriteAllText(file, own.Yaml(copied ? Pictures : own.Folder.Root));
        Tell(line, own, target, copied, bytes);
        return Task.FromResult(0);
    }

    /// <summary>As a shell reads it back as one word.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "/._-+:@".Contains(letter, StringComparison.Ordinal))
        ? word
        : OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Target(OwnProject own, string? named)
    {
        var target = Path.GetFullPath(named ?? own.Name);
        // The folder's name became the project's; beside the folder itself it needs another.
        if (named is null && Within(target, own.Folder.Root))
            target = Path.GetFullPath($"{own.Name}-project");
        return !Within(target, own.Folder.Root)
            ? target
            : throw ProblemException.Invalid("folder_inside", $"The project would lie among its pictures, in {target}.", "Name a folder elsewhere for the project.");
    }

    private static bool Within(string path, string folder) => (Path.TrimEndingDirectorySeparator(path) + Path.DirectorySeparatorChar).StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static void Copy(OwnProject own, string to, CancellationToken stop)
    {
        try
        {
            foreach (var picture in own.Folder.Pictures)
            {
                stop.ThrowIfCancellationRequested();
                var copy = Path.Combine(to, picture.Key);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                // A pipe says that it has no bytes, and copying it would wait for ever; what is empty is named when it is added.
                var file = new FileInfo(Path.Combine(own.Folder.Root, picture.Key));
                if (file.Length == 0)
                    File.WriteAllBytes(copy, []);
                else
                    file.CopyTo(copy);
            }
        }
        catch (Exception error)
        {
            if (Directory.Exists(to))
                Directory.Delete(to, recursive: true);
            if (error is IOException or UnauthorizedAccessException)
                throw ProblemException.Invalid("copy_failed", $"The pictures could not be copied: {error.Message}", "Make room, or give yourself the right to read them; nothing was left behind.");
            throw;
        }
    }

    private static void Tell(ParseResult line, OwnProject own, string target, bool copied, long bytes)
    {
        var here = Path.GetRelativePath(Environment.CurrentDirectory, target);
        string[] next = [$"cd {Quote(here)}", .. NewVerb.Next(pictures: true)];
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(new { folder = target, project = own.Name, pictures = own.Folder.Pictures.Count, kinds = own.Folder.Kinds, copied, path = copied ? Pictures : own.Folder.Root, gate = own.Gate, passedOver = own.Folder.Passed, next }));
            return;
        }

        var taken = $"{Say.Count(own.Folder.Pictures.Count, "picture")} of {own.Kinds} kinds";
        AnsiConsole.MarkupLine($"The project [bold]{own.Name}[/] is in [bold]{Markup.Escape(here)}[/]: {taken}.{Markup.Escape(own.Folder.Passed.Sentence())}");
        AnsiConsole.MarkupLine(Markup.Escape(copied
            ? $"They were copied ({Say.Bytes(bytes)}); yours stay as they are."
            : $"They are {Say.Bytes(bytes)}, so they were not copied: the project file points to {own.Folder.Root}."));
        AnsiConsole.MarkupLine(Markup.Escape($"A model passes from a test F1 of {own.Gate}, about twice what guessing reaches: change 'gates' in steward.yaml when you know more. ops (dev) signs it: 'signoff'."));
        NewVerb.Tell(next);
    }
}
