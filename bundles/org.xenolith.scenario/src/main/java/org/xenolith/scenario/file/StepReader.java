// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.xenolith.scenario.file.Action.Manner;

/** Reads steps: mappings whose first key is what to do. */
final class StepReader {
  private static final Set<String> ACTIONS = new LinkedHashSet<>(List.of("type", "expect", "wait", "end", "replace", "remove", "plug",
      "fault", "mend", "check", "digest", "save", "restore", "monitor"));
  private static final Set<String> OWN_FAULTS = Set.of("model", "disk");
  private static final String WITHIN = "within";
  private static final String FOR = "for";
  private static final int LONGEST = 72;
  private final Kinds kinds;
  private final long within;
  private final int disks;
  private final Set<String> consoles = new LinkedHashSet<>(List.of(""));
  private final Set<String> saved = new LinkedHashSet<>();
  private final Set<String> noted = new LinkedHashSet<>();

  /**
   * @param within default time of what is waited for
   * @param disks  number of disks
   */
  StepReader(Kinds kinds, long within, int disks) {
    this.kinds = kinds;
    this.within = within;
    this.disks = disks;
  }

  /** Consoles that steps so far have named. */
  Set<String> consoles() {
    return consoles;
  }

  Step read(int number, Value value) {
    Keys keys = new Keys(value);
    String action = keys.names().stream().findFirst().orElseThrow(() -> value.bad("the step is empty"));
    if (!ACTIONS.contains(action) && !kinds.waits().containsKey(action)) {
      Set<String> all = new LinkedHashSet<>(ACTIONS);
      all.addAll(new TreeSet<>(kinds.waits().keySet()));
      throw keys.place().bad("unknown step '" + action + "'; a step begins with " + String.join(", ", all));
    }
    return new Step(number, keys.place().line(), text(action, keys), action(action, keys));
  }

  private static String text(String action, Keys keys) {
    Value subject = keys.need(action);
    String text = action + " " + (subject.isText() ? subject.text().strip().replace("\n", "\\n") : "");
    if (action.equals("check") || action.equals("fault")) {
      // The kind alone says little; what follows says of what.
      text += keys.names().stream().skip(1).findFirst().map(keys::need).filter(Value::isText).map(v -> " " + v.text()).orElse("");
    }
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  private Action action(String action, Keys keys) {
    Value subject = keys.need(action);
    return switch (action) {
      case "type" -> new Action.Type(console(keys.only("type", "on")), subject.text());
      case "expect" -> new Action.Expect(console(keys.only("expect", "on", "within")), subject.pattern(), within(keys));
      case "wait" -> {
        keys.only("wait");
        yield new Action.Wait(subject.duration());
      }
      case "end" -> {
        Manner manner = manner(subject);
        keys.only(manner == Manner.EXIT ? new String[] {"end", "within", "status"} : new String[] {"end", "within"});
        yield new Action.End(manner, within(keys), keys.get("status").map(value -> (int) value.number(Integer.MIN_VALUE,
            Integer.MAX_VALUE)).orElse(0));
      }
      case "replace" -> replace(keys.only("replace", "with", "version", "times", "every"), subject);
      case "remove" -> {
        keys.only("remove");
        yield new Action.Remove(subject.text());
      }
      case "plug" -> {
        keys.only("plug");
        yield new Action.Plug(subject.text(), subject.text().endsWith(".jar") ? Optional.of(subject.path()) : Optional.empty());
      }
      case "fault" -> fault(keys, subject);
      case "check" -> check(keys, subject);
      case "digest" -> {
        keys.only("digest");
        noted.add(subject.text());
        yield new Action.NoteDigest(subject.text());
      }
      case "save" -> {
        keys.only("save");
        saved.add(subject.text());
        yield new Action.Save(subject.text());
      }
      case "restore" -> {
        keys.only("restore");
        if (!saved.contains(subject.text())) {
          throw subject.bad("nothing was saved as '" + subject.text() + "' before; saved so far: " + saved);
        }
        yield new Action.Restore(subject.text());
      }
      case "mend" -> mend(keys.only("mend"), subject);
      case "monitor" -> {
        keys.only("monitor", "answers");
        yield new Action.Monitor(subject.text(), keys.get("answers").map(Value::pattern));
      }
      default -> new Action.OtherWait(action, values(action, keys, Set.of(action), kinds.waits().get(action), WITHIN), within(keys));
    };
  }

  private String console(Keys keys) {
    String console = keys.get("on").map(Value::text).orElse("");
    consoles.add(console);
    return console;
  }

  private long within(Keys keys) {
    return keys.get("within").map(Value::duration).orElse(within);
  }

  private static Manner manner(Value value) {
    for (Manner manner : Manner.values()) {
      if (manner.name().toLowerCase(Locale.ROOT).equals(value.text())) {
        return manner;
      }
    }
    throw value.bad("'" + value.text() + "': expected poweroff, reset, idle or exit");
  }

  private static Action replace(Keys keys, Value bundle) {
    return new Action.Replace(bundle.text(), keys.get("with").map(Value::path), keys.get("version").map(StepReader::version),
        keys.get("times").map(value -> (int) value.number(1, 100_000)).orElse(1), keys.get("every").map(Value::duration).orElse(0L));
  }

  private static String version(Value value) {
    if (!value.text().matches("\\d+(\\.\\d+(\\.\\d+(\\.[\\w-]+)?)?)?")) {
      throw value.bad("'" + value.text() + "': expected a version such as 1.0.1");
    }
    return value.text();
  }

  private Action fault(Keys keys, Value kind) {
    switch (kind.text()) {
      case "model" -> {
        keys.only("fault", "bundle", "on");
        return new Action.FailModel(keys.need("bundle").text(), on(keys, "read"), on(keys, "write"));
      }
      case "disk" -> {
        keys.only("fault", "disk", "sectors", "on");
        int disk = disks == 0 ? noDisk(kind) : (int) keys.get("disk").map(value -> value.number(0, disks - 1)).orElse(0L).longValue();
        long[] range = keys.get("sectors").map(StepReader::range).orElse(new long[] {0, Long.MAX_VALUE});
        return new Action.FailDisk(disk, range[0], range[1], on(keys, "read"), on(keys, "write"));
      }
      default -> {
        return new Action.OtherFault(kind.text(), others("fault", keys, kind, kinds.faults(), OWN_FAULTS, FOR), keys.get(FOR).map(
            value -> OptionalLong.of(
                value.duration())).orElse(OptionalLong.empty()));
      }
    }
  }

  private Action mend(Keys keys, Value kind) {
    if (!kind.text().equals("all") && !kinds.faults().containsKey(kind.text())) {
      Set<String> all = new TreeSet<>(kinds.faults().keySet());
      all.add("all");
      throw kind.bad("no fault '" + kind.text() + "' can be mended; expected " + String.join(", ", all));
    }
    return new Action.Mend(kind.text().equals("all") ? "" : kind.text());
  }

  private static int noDisk(Value kind) {
    throw kind.bad("the scenario has no disk; add one under 'disks:'");
  }

  /** Whether accesses of a kind are meant: {@code on: read}, {@code write}, {@code both} (the default) or {@code none}. */
  private static boolean on(Keys keys, String access) {
    Optional<Value> value = keys.get("on");
    String text = value.map(Value::text).orElse("both");
    if (!List.of("read", "write", "both", "none").contains(text)) {
      throw value.get().bad("'" + text + "': expected read, write, both or none");
    }
    return text.equals(access) || text.equals("both");
  }

  private static long[] range(Value value) {
    String[] ends = value.text().split("-", -1);
    try {
      long first = Long.parseLong(ends[0].strip());
      long last = Long.parseLong(ends[ends.length - 1].strip());
      if (ends.length <= 2 && first >= 0 && first <= last) {
        return new long[] {first, last};
      }
    } catch (NumberFormatException e) {
      // the complaint below says what was expected
    }
    throw value.bad("'" + value.text() + "': expected sectors such as 8 or 0-15");
  }

  private Action check(Keys keys, Value kind) {
    switch (kind.text()) {
      case "device" -> {
        keys.only("check", "node", "present", "version");
        return new Action.CheckDevice(keys.need("node").text(), keys.get("present").map(Value::flag).orElse(true),
            keys.get("version").map(StepReader::version));
      }
      case "event" -> {
        keys.only("check", "kind", "count", "at-least", "at-most");
        return events(keys);
      }
      case "console" -> {
        String console = console(keys.only("check", "on", "shows", "lacks"));
        if (keys.has("shows") == keys.has("lacks")) {
          throw keys.place().bad("a check of a console has 'shows: REGEX' or 'lacks: REGEX'");
        }
        return new Action.CheckConsole(console, keys.get("shows").or(() -> keys.get("lacks")).get().pattern(), keys.has("shows"));
      }
      case "digest" -> {
        Value expected = keys.only("check", "equals").need("equals");
        if (!noted.contains(expected.text()) && !expected.text().matches("[0-9a-f]{64}")) {
          throw expected.bad("'" + expected.text() + "': expected 64 hexadecimal digits or what a step 'digest: NAME' has noted"
              + " before: " + noted);
        }
        return new Action.CheckDigest(expected.text());
      }
      default -> {
        return new Action.OtherCheck(kind.text(), others("check", keys, kind, kinds.checks(),
            Set.of("device", "event", "console", "digest"), ""));
      }
    }
  }

  private static Action events(Keys keys) {
    if (keys.has("count")) {
      if (keys.has("at-least") || keys.has("at-most")) {
        throw keys.place().bad("'count' excludes 'at-least' and 'at-most'");
      }
      long count = keys.need("count").number(0, Long.MAX_VALUE);
      return new Action.CheckEvents(keys.need("kind").text(), count, count);
    }
    if (!keys.has("at-least") && !keys.has("at-most")) {
      throw keys.place().bad("a check of events has 'count', 'at-least' or 'at-most'");
    }
    return new Action.CheckEvents(keys.need("kind").text(), keys.get("at-least").map(v -> v.number(0, Long.MAX_VALUE)).orElse(0L),
        keys.get("at-most").map(v -> v.number(0, Long.MAX_VALUE)).orElse(Long.MAX_VALUE));
  }

  private static Map<String, String> others(String action, Keys keys, Value kind, Map<String, Set<String>> offered, Set<String> own,
      String common) {
    Set<String> known = offered.get(kind.text());
    if (known == null) {
      Set<String> all = new TreeSet<>(own);
      all.addAll(offered.keySet());
      throw kind.bad("unknown " + action + " '" + kind.text() + "'; installed are " + String.join(", ", all));
    }
    return values(action, keys, Set.of(), known, common);
  }

  /**
   * Values of a step that a bundle defines.
   *
   * @param said   what of the step's beginning is a value, too
   * @param known  keys that it may have
   * @param common one that each has and that isn't the bundle's; empty for none
   */
  private static Map<String, String> values(String action, Keys keys, Set<String> said, Set<String> known, String common) {
    Set<String> names = new LinkedHashSet<>(List.of(action));
    names.addAll(new TreeSet<>(known));
    if (!common.isEmpty()) {
      names.add(common);
    }
    keys.only(names);
    Map<String, String> arguments = new LinkedHashMap<>();
    keys.names().stream().filter(name -> !name.equals(common) && (said.contains(name) || !name.equals(action))).forEach(
        name -> arguments.put(name, keys.need(name).text()));
    return arguments;
  }
}
