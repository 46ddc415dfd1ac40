namespace QuickStart.Generating;

/// <summary>A branch that now and then gets a side branch and merges it. Nobody keeps count of lines here: what a commit changed is for git alone to say.</summary>
internal sealed class RandomHistory
{
    // Behind 2000, forwards in time, with now and then a step back: clocks of authors are wrong.
    private const long FirstSecond = 946_684_800;

    private static readonly string[] Zones = ["+0000", "+0200", "-0800", "+0545", "+1400", "-1200"];

    private readonly FastImportStream _stream;
    private readonly Random _random;
    private readonly FileTree _tree;
    private long _seconds = FirstSecond;
    private int _tip;

    public RandomHistory(FastImportStream stream, Random random)
    {
        _stream = stream;
        _random = random;
        _tree = new FileTree(random);
    }

    /// <summary>The commits so far.</summary>
    public int Commits { get; private set; }

    /// <summary>Adds one commit, or a side branch and its merge where at least five more are wanted.</summary>
    public void Advance(int wanted)
    {
        if (_tip != 0 && wanted >= 5 && _random.Next(12) == 0)
        {
            BranchAndMerge();
        }
        else
        {
            _tip = Commit("main", _tip == 0 ? [] : [_tip]);
            Change(_random.Next(20) == 0 ? 0 : _random.Next(1, 6));
        }
    }

    // The side branch adds files that are its own, so that the merge needs no more than to add them as well; every third merge changes something itself.
    private void BranchAndMerge()
    {
        int side = _tip;
        List<(byte[] Path, byte[] Content)> added = [];
        for (int i = _random.Next(1, 3); i > 0; i--)
        {
            side = Commit("side", [side]);
            added.Add((_tree.NewPath(), _tree.NewContent()));
            _stream.Modify(added[^1].Path, added[^1].Content);
        }

        _tip = Commit("main", [_tip]);
        Change(_random.Next(1, 4));

        _tip = Commit("main", [_tip, side]);
        foreach ((byte[] path, byte[] content) in added)
        {
            byte[] merged = _random.Next(3) == 0 ? _tree.Edit(content) : content;
            _stream.Modify(path, merged);
            _tree.Add(path, merged);
        }
    }

    private int Commit(string branch, int[] parents)
    {
        Commits++;
        _seconds += _random.Next(20) == 0 ? -_random.Next(100_000) : _random.Next(20_000);
        bool latin1 = _random.Next(40) == 0;
        Person author = latin1 ? OddNames.Latin1Author : OddNames.Authors[Math.Min(_random.Next(OddNames.Authors.Count), _random.Next(OddNames.Authors.Count))];
        return _stream.Commit(branch, author, Math.Max(0, _seconds), Zones[_random.Next(Zones.Length)], parents, latin1 ? "ISO-8859-1" : null);
    }

    private void Change(int files)
    {
        // A file is touched at most once a commit: fast-import would take the second change of a renamed one for a change of its old path.
        var touched = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < files; i++)
        {
            if (_tree.Count == 0 || _random.Next(4) == 0)
            {
                Add(touched);
                continue;
            }

            int index = _tree.Pick();
            if (!touched.Contains(Convert.ToHexString(_tree.PathOf(index))))
            {
                ChangeOne(index, touched);
            }
        }
    }

    private void Add(HashSet<string> touched)
    {
        byte[] path = _tree.NewPath();
        byte[] content = _tree.NewContent();
        touched.Add(Convert.ToHexString(path));
        _tree.Add(path, content);
        _stream.Modify(path, content, _random.Next(30) == 0 ? "100755" : "100644");
    }

    private void ChangeOne(int index, HashSet<string> touched)
    {
        byte[] path = _tree.PathOf(index);
        byte[] content = _tree.ContentOf(index);
        touched.Add(Convert.ToHexString(path));
        switch (_random.Next(20))
        {
            case 0 or 1:
                _stream.Delete(path);
                _tree.RemoveAt(index);
                break;
            case 2 or 3 or 4:
                Move(index, path, content, touched);
                break;
            case 5:
                // A change of type: the file becomes a symbolic link.
                _tree.Replace(index, path, "target"u8.ToArray());
                _stream.Modify(path, "target"u8, "120000");
                break;
            default:
                byte[] edited = _tree.Edit(content);
                _tree.Replace(index, path, edited);
                _stream.Modify(path, edited);
                break;
        }
    }

    private void Move(int index, byte[] path, byte[] content, HashSet<string> touched)
    {
        byte[] target = _tree.NewPath();
        touched.Add(Convert.ToHexString(target));
        _stream.Rename(path, target);
        if (_random.Next(2) == 0)
        {
            content = _tree.Edit(content);
            _stream.Modify(target, content);
        }

        _tree.Replace(index, target, content);
    }
}
