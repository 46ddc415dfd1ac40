namespace QuickStart.Checking;

/// <summary>Reads <c>git log -z --name-status</c>.</summary>
internal static class NameStatusText
{
    /// <summary>By commit and path: the status letter with what follows it.</summary>
    public static Dictionary<string, Dictionary<string, string>> Parse(string output)
    {
        var commits = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        Dictionary<string, string>? files = null;
        var fields = new Queue<string>(output.Split('\0'));
        while (fields.TryDequeue(out string? field))
        {
            field = field.TrimStart('\n');
            if (field.StartsWith('\u0001'))
            {
                commits.Add(field[1..], files = new Dictionary<string, string>(StringComparer.Ordinal));
            }
            else if (field.Length > 0)
            {
                string path = fields.Dequeue();
                if (field[0] is 'R' or 'C')
                {
                    path = fields.Dequeue();
                }

                files!.Add(GitOutput.Readable(path), field);
            }
        }

        return commits;
    }
}
