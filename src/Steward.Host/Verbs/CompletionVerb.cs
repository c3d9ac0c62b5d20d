using System.CommandLine;

namespace Steward.Host.Verbs;

/// <summary><c>steward completion SHELL</c>: a script that lets the shell finish verbs and options, asking the program itself.</summary>
internal static class CompletionVerb
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _steward() { local IFS=$'\n'; COMPREPLY=($(compgen -W "$(steward "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")); }
            complete -o default -F _steward steward
            """,
        ["zsh"] = """
            _steward() { local found; found=("${(@f)$(steward "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}"); compadd -- $found; }
            compdef _steward steward
            """,
        ["fish"] = """
            complete -c steward -f -a '(steward "[suggest:"(commandline -C)"]" (commandline -cp))'
            """,
    };

    public static Command Tree()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var verb = new Command("completion", "Print a script that completes verbs and options: source <(steward completion bash)") { shell };
        verb.SetAction(line => Console.WriteLine(Scripts[line.GetRequiredValue(shell)]));
        return verb;
    }
}
