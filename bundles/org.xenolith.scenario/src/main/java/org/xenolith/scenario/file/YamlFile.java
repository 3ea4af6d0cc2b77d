// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.InputFile;
import org.xenolith.machine.kit.JournalScenario;

/** A YAML file as nodes that know their lines. */
final class YamlFile {
  /** Levels of nesting that are read. */
  private static final int DEEPEST = 100;

  /** How the name of a recording ends. */
  private static final String JOURNAL = ".journal";

  /** An escape beyond all characters, and all numbers of Java. */
  private static final Pattern BEYOND = Pattern.compile("\\\\U[89a-fA-F]");

  private YamlFile() {}

  /** The text of a scenario's file, or of the scenario that a journal says. */
  static String text(Path file) {
    try {
      Optional<JournalScenario> recorded = recorded(file);
      return recorded.isPresent() ? recorded.get().text() : InputFile.text(file, InputFile.WRITTEN);
    } catch (CharacterCodingException e) {
      throw new BadInput("scenario '" + file + "': no text in UTF-8");
    } catch (IOException e) {
      throw BadInput.of("scenario", file, e);
    }
  }

  /**
   * The scenario that a journal says of itself; empty for any other file.
   *
   * @throws BadInput if the file can't be read, or is a journal whose scenario is damaged, or is none of a scenario
   */
  static Optional<JournalScenario> recorded(Path file) {
    if (!file.toString().endsWith(JOURNAL)) {
      return Optional.empty();
    }
    Optional<JournalScenario> scenario;
    try {
      InputFile.check(file, InputFile.GUEST);
      scenario = JournalScenario.of(file);
    } catch (IOException e) {
      throw BadInput.of("recording", file, e);
    }
    if (scenario.isEmpty()) {
      throw new BadInput(file + ": a journal, but none of a scenario; xenolith open FILE takes those of boot, too");
    }
    return scenario;
  }

  /**
   * Reads a file.
   *
   * @param properties what {@code ${name}} stands for
   * @throws BadInput if it can't be read or is no YAML
   */
  static Value read(Path file, Map<String, String> properties) {
    String text = text(file);
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    try {
      check(file, text, settings);
      Optional<Node> root = new Compose(settings).composeString(text);
      return new Value(root.orElseThrow(() -> new Place(file, 1).bad("the file is empty; see docs/guides/scenarios.md")), file,
          properties);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      // The library passes on what Java's decoder says, which is a number of bytes.
      throw new Place(file, line).bad("no YAML: "
          + (e.getProblem().contains("URI in UTF-8") ? "a tag whose %-escapes are no UTF-8" : e.getProblem()));
    } catch (ReaderException e) {
      throw new Place(file, line(text, e.getPosition())).bad("no YAML: the character U+%04X is not allowed".formatted(e.getCodePoint()));
    } catch (NumberFormatException e) {
      // What the library's scanner makes of such an escape.
      Matcher matcher = BEYOND.matcher(text);
      int line = matcher.find() ? line(text, text.codePointCount(0, matcher.start())) : 1;
      throw new Place(file, line).bad("no YAML: an escape \\U of what is no character");
    } catch (YamlVersionException e) {
      throw new Place(file, line(text, text.codePointCount(0, Math.max(0, text.indexOf("%YAML"))))).bad("no YAML: version "
          + e.getSpecVersion().getMajor() + '.' + e.getSpecVersion().getMinor() + "; expected %YAML 1.2, or nothing");
    } catch (YamlEngineException e) {
      throw new BadInput("scenario '" + file + "': no YAML: " + e.getMessage());
    }
  }

  private static int line(String text, int at) {
    return 1 + (int) text.codePoints().limit(at).filter(c -> c == '\n').count();
  }

  /** Refuses what the library's maker of nodes can't take: it goes down the nesting, one call in another, and throws at some tags. */
  private static void check(Path file, String text, LoadSettings settings) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      switch (event) {
        case CollectionStartEvent begin -> {
          if (++depth > DEEPEST) {
            throw place(file, event).bad("nested deeper than " + DEEPEST + " levels; a scenario needs about five");
          }
          check(file, event, begin.getTag());
        }
        case CollectionEndEvent end -> depth--;
        case ScalarEvent scalar -> check(file, event, scalar.getTag());
        default -> {
        }
      }
    }
  }

  private static void check(Path file, Event event, Optional<String> tag) {
    if (tag.isPresent() && (tag.get().isEmpty() || !tag.get().trim().equals(tag.get()))) {
      throw place(file, event)
          .bad("no YAML: a tag that is empty, or begins or ends with a space or a control character; a scenario needs none");
    }
  }

  private static Place place(Path file, Event event) {
    return new Place(file, event.getStartMark().map(Mark::getLine).orElse(0) + 1);
  }
}
