// SPDX-License-Identifier: EPL-2.0
package org.xenolith.display;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.HostReason;
import org.xenolith.console.api.Picture;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: screen}: whether a display is on, how large its picture is, and how much is on it. */
@Component
public final class ScreenCheck implements ScenarioCheck {
  private static final String NODE = "node";
  private static final String ON = "on";
  private static final String SIZE = "size";
  private static final String COLORS = "colors";
  private static final String FILE = "file";

  @Override
  public String kind() {
    return "screen";
  }

  @Override
  public Set<String> keys() {
    return Set.of(NODE, ON, SIZE, COLORS, FILE);
  }

  @Override
  public Optional<String> complaint(Machine machine, Map<String, String> arguments) {
    String on = arguments.getOrDefault(ON, "true");
    if (!on.equals("true") && !on.equals("false")) {
      throw new IllegalArgumentException("on '" + on + "': expected true or false");
    }
    Optional<Picture> picture = Displays.picture(machine, arguments.getOrDefault(NODE, ""));
    if (picture.isPresent() != on.equals("true")) {
      return Optional.of("the display is " + (picture.isPresent() ? "on" : "off"));
    }
    return picture.flatMap(shown -> complaint(shown, arguments));
  }

  private static Optional<String> complaint(Picture picture, Map<String, String> arguments) {
    if (arguments.containsKey(FILE)) {
      Path file = Path.of(arguments.get(FILE));
      try {
        ScreenFile.write(picture, file);
      } catch (IOException e) {
        return Optional.of(file + ": can't be written: " + HostReason.of(file, e).text());
      }
    }
    String size = picture.width() + "x" + picture.height();
    if (!size.equals(arguments.getOrDefault(SIZE, size))) {
      return Optional.of("the display shows " + size + " pixels, expected " + arguments.get(SIZE));
    }
    return arguments.containsKey(COLORS) ? colors(picture, arguments.get(COLORS)) : Optional.empty();
  }

  private static Optional<String> colors(Picture picture, String expected) {
    long least;
    try {
      least = Long.parseLong(expected);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("colors '" + expected + "': expected how many there are at least", e);
    }
    long there = java.util.Arrays.stream(picture.pixels()).distinct().count();
    return there >= least ? Optional.empty() : Optional.of("the display shows " + there + " colors, expected " + expected + " at least");
  }
}
