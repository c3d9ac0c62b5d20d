using System.Text;

namespace Steward.Packaging.Ci;

/// <summary>
/// <c>.github/workflows/steward.yml</c>: actions by the digest of their commit, rights to read the sources and nothing else, the token
/// only in the steps that need it.
/// </summary>
internal static class GitHubFile
{
    public const string Path = ".github/workflows/steward.yml";

    private const string Checkout = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
        Upload = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
        Download = "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
        Cache = "actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5";

    public static string Write(CiPlan plan)
    {
        var text = new StringBuilder($"""
            {plan.Comment}
            # Needs: the variable STEWARD_URL, the secret STEWARD_TOKEN of an editor, and an environment '{plan.Alias}'.
            name: {Yaml.Quoted("steward " + plan.Project)}
            on:
              push:
                branches: [{Yaml.Quoted(Pattern(plan.Branch))}]
              pull_request:
              workflow_dispatch:
            permissions:
              contents: read
            concurrency:
              group: steward-{plan.Project}-{"${{ github.ref }}"}
              cancel-in-progress: false
            env:
              STEWARD_URL: {"${{ vars.STEWARD_URL }}"}
              STEWARD_FOLDER: {Yaml.Quoted(Plain(plan.Folder))}
            defaults:
              run:
                shell: sh
            jobs:

            """);
        Job(text, plan, CiStage.Check, null, 15);
        Step(text, "Sources", Checkout, ("persist-credentials", "false"));
        foreach (var stage in CiPlan.Of(CiStage.Check))
            Run(text, stage, token: false);

        Job(text, plan, CiStage.Model, CiStage.Check, 360);
        Step(text, "Sources", Checkout, ("persist-credentials", "false"));
        if (plan.Lock is not null)
        {
            Step(text, "What was built of the same lock", Cache, ("path", ".steward-env"), ("key", $"steward-{"${{ runner.os }}"}-{"${{ hashFiles("}'{plan.Lock}'{") }}"}"));
            text.Append($"      - name: Environment\n        run: {CiPlan.EnvironmentCommand}\n");
        }

        foreach (var stage in CiPlan.Of(CiStage.Model))
            Run(text, stage, token: true);
        Keep(text);

        Job(text, plan, CiStage.Serve, CiStage.Model, CiPlan.MinutesToWait + 30);
        Step(text, "Sources", Checkout, ("persist-credentials", "false"));
        Step(text, "What was made", Download, ("name", CiVerbs.UsualOutput), ("path", CiVerbs.UsualOutput));
        foreach (var stage in CiPlan.Of(CiStage.Serve))
            if (stage.Name == "deploy")
                Deploy(text, stage);
            else
                Run(text, stage, token: true, "steps.deploy.outputs.waiting != 'true'", key: true);
        Keep(text);
        return text.ToString();
    }

    private static void Job(StringBuilder text, CiPlan plan, string name, string? after, int minutes)
    {
        text.Append($"  {name}:\n    runs-on: {(plan.Runner is { } runner ? $"[self-hosted, {Yaml.Quoted(runner)}]" : "ubuntu-24.04")}\n    timeout-minutes: {minutes}\n");
        if (after is not null)
            text.Append($"    needs: {after}\n    if: {Yaml.Quoted($"github.event_name != 'pull_request' && github.ref_name == '{plan.Branch.Replace("'", "''", StringComparison.Ordinal)}'")}\n");
        if (name == CiStage.Serve)
            text.Append($"    environment: {plan.Alias}\n");
        if (plan.Agent is { } agent)
            text.Append($"    container: {Yaml.Quoted(agent)}\n");
        text.Append("    steps:\n");
    }

    private static void Step(StringBuilder text, string name, string action, params (string Key, string Value)[] with)
        => text.Append($"      - name: {name}\n        uses: {action}\n        with:\n{string.Concat(with.Select(one => $"          {one.Key}: {one.Value}\n"))}");

    private static void Run(StringBuilder text, CiStage stage, bool token, string? when = null, bool key = false)
    {
        text.Append($"      - name: {stage.Title}\n");
        if (when is not null)
            text.Append($"        if: {when}\n");
        Secrets(text, token, key);
        text.Append($"        run: {CiPlan.Command(stage)}\n");
    }

    /// <summary>Waiting is no failure: the job ends well, says that it waits, and is run again after the votes.</summary>
    private static void Deploy(StringBuilder text, CiStage stage)
    {
        text.Append($"      - name: {stage.Title}\n        id: deploy\n");
        Secrets(text, token: true, key: false);
        text.Append($"""
                    run: |
                      code=0
                      {CiPlan.Command(stage)} || code=$?
                      if [ "$code" -eq 5 ]; then
                        echo '::warning title=Waiting for people::Run this workflow again after the votes: it goes on from there.'
                        echo 'waiting=true' >> "$GITHUB_OUTPUT"
                        exit 0
                      fi
                      exit "$code"

            """);
    }

    private static void Secrets(StringBuilder text, bool token, bool key)
    {
        if (token)
            text.Append("        env:\n          STEWARD_TOKEN: ${{ secrets.STEWARD_TOKEN }}\n");
        if (key)
            text.Append("          STEWARD_SIGNING_KEY: ${{ secrets.STEWARD_SIGNING_KEY }}\n");
    }

    private static void Keep(StringBuilder text)
    {
        text.Append("      - name: Keep what was made\n        if: always()\n").Append($"        uses: {Upload}\n        with:\n          name: {CiVerbs.UsualOutput}\n          path: {CiVerbs.UsualOutput}\n          overwrite: true\n");
    }

    /// <summary>What would begin an expression is written as one that gives just these signs.</summary>
    private static string Plain(string value) => value.Replace("${{", "${{ '${{' }}", StringComparison.Ordinal);

    /// <summary>In a filter of branches + and ! at the beginning mean something.</summary>
    private static string Pattern(string branch) => branch.Replace("+", "\\+", StringComparison.Ordinal) is var plain && plain[0] == '!' ? "\\" + plain : plain;
}
