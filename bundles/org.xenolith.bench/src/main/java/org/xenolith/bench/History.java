// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.xenolith.command.api.OptionName.option;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.command.api.BadInput;

/** The results of this machine so far: a file with one on each line, the oldest first. */
final class History {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
  private final Path file;

  private History(Path file) {
    this.file = file;
  }

  /** The file, or where a history is kept unless said otherwise: in the folder of downloads, which the launcher script names. */
  static History in(Path file) {
    return new History(file != null ? file : Path.of(System.getenv().getOrDefault("XENOLITH_CACHE", "."), "bench", "history.jsonl"));
  }

  /** Adds a result at the end. */
  void add(Result result) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Files.writeString(file, GSON.toJson(result) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw BadInput.of(option("history"), file, e);
    }
  }

  /**
   * Results that can be compared with one: of the same processor, engine and interrupt controller, and of a form that is known.
   *
   * @throws BadInput at a line that is none
   */
  List<Result> like(Result one) {
    return all().stream().filter(old -> old.schema() == Result.SCHEMA && old.options().engine().equals(one.options().engine())
        && old.options().gic() == one.options().gic() && old.host().cpu().equals(one.host().cpu())
        && old.host().cores() == one.host().cores()).toList();
  }

  /** All results; none when there is no file yet. */
  List<Result> all() {
    List<Result> results = new ArrayList<>();
    try {
      int number = 0;
      for (String line : Files.exists(file) ? lines() : List.<String>of()) {
        number++;
        results.add(parse(line, number));
      }
    } catch (IOException e) {
      throw BadInput.of(option("history"), file, e);
    }
    return results;
  }

  /** Bytes that are no text make a line that is no result. */
  private List<String> lines() throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  private Result parse(String line, int number) {
    Result result = null;
    try {
      result = GSON.fromJson(line, Result.class);
    } catch (JsonParseException e) {
      // told below
    }
    if (result == null || result.figures() == null || result.host() == null || result.options() == null) {
      throw new BadInput("--history '" + file + "': line " + number + " is no result of a bench; delete the line");
    }
    return result;
  }
}
