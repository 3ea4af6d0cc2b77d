package org.xenolith.scenario.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.InputFile;

/** A YAML file as nodes that know their lines. */
final class YamlFile {
  /** Levels of nesting that are read. */
  private static final int DEEPEST = 100;

  private YamlFile() { }

  /** A file's text. */
  static String text(Path file) {
    try {
      return InputFile.text(file, InputFile.WRITTEN);
    } catch (CharacterCodingException e) {
      throw new BadInput("scenario '" + file + "': no text in UTF-8");
    } catch (IOException e) {
      throw BadInput.of("scenario", file, e);
    }
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
      checkDepth(file, text, settings);
      Optional<Node> root = new Compose(settings).composeString(text);
      return new Value(root.orElseThrow(() -> new Place(file, 1).bad("the file is empty; see docs/guides/scenarios.md")), file,
          properties);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      throw new Place(file, line).bad("no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new BadInput(file + ": no YAML: " + e.getMessage());
    }
  }

  /** What makes nodes of it goes down the nesting, one call in another. */
  private static void checkDepth(Path file, String text, LoadSettings settings) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> {
          if (++depth > DEEPEST) {
            throw new Place(file, event.getStartMark().map(Mark::getLine).orElse(0) + 1)
                .bad("nested deeper than " + DEEPEST + " levels; a scenario needs about five");
          }
        }
        case MappingEnd, SequenceEnd -> depth--;
        default -> { }
      }
    }
  }
}
