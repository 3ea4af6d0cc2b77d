// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.inspect.kit.AttendedRun;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.QueryTable;
import org.xenolith.origin.api.RunQueries;
import org.xenolith.origin.api.RunQuery;

/** A question over a run, as a word of the prompt. */
final class QueryWord implements MonitorCommand {
  private static final int ROWS = 100;
  private static final int MOST_ROWS = 1_000_000;
  /** Instructions that are executed again without being asked whether to. */
  private static final long LONG = 5_000_000_000L;
  private static final String JSON = "json";
  private static final String ALL = "all";

  private final MachineHistories histories;
  private final RunQueries queries;
  private final QueryKind kind;

  QueryWord(MachineHistories histories, RunQueries queries, QueryKind kind) {
    this.histories = histories;
    this.queries = queries;
    this.kind = kind;
  }

  @Override
  public String name() {
    return kind.word();
  }

  @Override
  public String help() {
    String line = kind.word() + ' ' + kind.usage;
    return line.length() <= 26 ? "%-26s %s".formatted(line, kind.meaning) : line + "\n" + " ".repeat(27) + kind.meaning;
  }

  @Override
  public String manual() {
    return help() + "\n" + """
          In the whole run, from where the past begins to the moment that is looked at: it is executed again. Each line begins with its moment, which at goes
          to. With most N at the end there are so many lines instead of 100, with json each is JSON, and with all a run of more than %,d instructions is
          gone through, too. Ctrl-C gives it up, and shows what there was until then; as JSON a last line says so, {"whole": false}.
        """.formatted(LONG);
  }

  @Override
  public String execute(Machine machine, List<String> said) {
    return LastWriteWord.answer(kind.word(), () -> {
      List<String> words = new ArrayList<>(said);
      words.addFirst(kind.word());
      boolean json = words.removeIf(JSON::equals);
      boolean all = words.removeIf(ALL::equals);
      int most = most(words);
      RunQuery query = queries.query(LastWriteWord.history(histories, machine), words);
      if (query.cost() > LONG && !all) {
        throw new BadInput("%,d instructions are executed again for this: say it again with %s at its end".formatted(query.cost(), ALL));
      }
      QueryTable table = AttendedRun.silent(query::cancel).await(() -> query.run(most, done -> {}));
      return json ? json(table) : text(table);
    });
  }

  /** Takes from a line how many rows are wanted. */
  private static int most(List<String> words) {
    int at = words.indexOf("most");
    if (at <= 0 || at != words.size() - 2) {
      return ROWS;
    }
    int most = Texts.count(words.removeLast(), "lines", MOST_ROWS);
    words.removeLast();
    return most;
  }

  @Override
  public boolean onlyLooks() { return true; }

  private static String text(QueryTable table) {
    StringBuilder text = new StringBuilder("moment " + String.join("  ", table.columns()) + "\n");
    table.rows().forEach(each -> text.append(each.moment()).append(' ').append(String.join("  ", each.values())).append('\n'));
    text.append("%,d times%s%s%n".formatted(table.count(), table.count() > table.rows().size() ? ", of which these are the first " + table
        .rows().size() : "", table.whole() ? "" : "; given up before the end of the run"));
    return text.toString();
  }

  private static String json(QueryTable table) {
    String rows = table.rows().stream().map(each -> Stream.concat(Stream.of("\"moment\": " + quoted(each.moment().toString())), IntStream
        .range(0,
            table.columns().size()).mapToObj(i -> quoted(table.columns().get(i)) + ": " + quoted(each.values().get(i)))).collect(Collectors
                .joining(", ", "{", "}\n"))).collect(Collectors.joining());
    return table.whole() ? rows : rows + "{\"whole\": false}\n";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public List<String> complete(Machine machine, List<String> words) {
    return kind == QueryKind.ACCESSES ? machine.devices().stream().map(Machine.DeviceFact::instance).toList() : List.of();
  }
}
