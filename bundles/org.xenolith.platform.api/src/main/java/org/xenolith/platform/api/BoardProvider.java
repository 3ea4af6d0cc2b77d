// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.fdt.Fdt;

/**
 * A board: hardware that can be asked for in variants. Boards that are files of bundles are offered by the loader in the name of those
 * bundles; a board that has to be made in code is a service of its own.
 */
@ConsumerType
public interface BoardProvider {
  /** The board's name on the command line. */
  String name();

  /** One line for people. */
  String summary();

  /**
   * The board's tree.
   *
   * @throws PlatformException if a request can't be met; the message says which and what is possible
   */
  Fdt tree(BoardRequest request);

  /** What the board is where nothing is asked for. */
  default BoardRequest standard() {
    return new BoardRequest(1, 512L << 20, Map.of());
  }

  /**
   * What can be asked for by name: the name of each choice and the values that it has, for people; a value that isn't literal is in
   * capitals. Empty for a board that doesn't tell, which may take any name, and refuse it in {@link #tree}.
   *
   * @throws PlatformException if the board is a file and that is wrong
   */
  default Map<String, List<String>> choices() {
    return Map.of();
  }

  /** Whether a request of that name is for this board: it has such a choice, or doesn't tell its choices. */
  default boolean takes(String choice) {
    Map<String, List<String>> choices = choices();
    return choices.isEmpty() || choices.containsKey(choice);
  }

  /** The options that the board gives to nodes: path to name to value. Path {@code /} stands for the platform. */
  default Map<String, Map<String, String>> options() {
    return Map.of();
  }

  /**
   * What the user asks of a board.
   *
   * @param cpus        number of CPUs; 0 for as many as the board has
   * @param memoryBytes RAM in bytes; 0 for as much as the board has
   * @param requests    values of the board's choices, by name
   */
  record BoardRequest(int cpus, long memoryBytes, Map<String, String> requests) {
    /** Copies the map, in its order. */
    public BoardRequest {
      requests = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(requests));
    }

    /**
     * A request by texts.
     *
     * @param requests as {@code name=value}; the last of a name counts
     * @throws PlatformException if one of them isn't {@code name=value}
     */
    public static BoardRequest of(int cpus, long memoryBytes, List<String> requests) {
      Map<String, String> byName = new LinkedHashMap<>();
      for (String request : requests) {
        int equals = request.indexOf('=');
        if (equals <= 0) {
          throw new PlatformException("option '" + request + "' of a board isn't NAME=VALUE; name the choice and its value");
        }
        byName.put(request.substring(0, equals), request.substring(equals + 1));
      }
      return new BoardRequest(cpus, memoryBytes, byName);
    }
  }
}
