// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.platform.api.BoardProvider.BoardRequest;

/**
 * What to launch; immutable. Made, from what a user says, by {@link Launcher#request}, or in code by the builder of {@code launch.kit}. What
 * is a list of texts has the form of the {@link LaunchOption} for it, which messages name.
 */
@ProviderType
public interface LaunchRequest {
  /**
   * Name among {@link #options} of who attends to the run: {@link #PERSON} or {@link #JOURNAL}. No user says it, but who launches for one;
   * without it nobody does. A snapshot doesn't hold it.
   */
  String ATTENDED = "attended";

  /**
   * {@link #ATTENDED} by a person at the console: a guest that can leave them at a shell is told to, unless told something else, and a machine
   * that its guest resets boots again, as hardware does, unless the option {@code on-reset} says otherwise.
   */
  String PERSON = "person";

  /** {@link #ATTENDED} by a journal that is replayed, which knows what was done: a machine that is reset boots again as well. */
  String JOURNAL = "journal";

  /** A board's name, or a .dtb or .platform file. */
  String board();

  /** CPUs, 1 to 8; else what the board has, 1 for a board that is made to measure. */
  OptionalInt cpus();

  /** RAM in bytes; else what the board has, 512 MiB for a board that is made to measure. */
  OptionalLong memory();

  /** Name of a guest source; with neither this nor the option {@code kernel} the best that there is. */
  Optional<String> guest();

  /** What options say that are not among the above, for the shapers which understand them: texts by the option's name. */
  Map<String, List<String>> options();

  /** What one of {@link #options} says; empty if it isn't given. */
  default List<String> option(String name) {
    return options().getOrDefault(name, List.of());
  }

  /** Whether one of {@link #options} is given. */
  default boolean has(String name) {
    return options().containsKey(name);
  }

  /** What one of {@link #options} says that isn't repeated; empty if it isn't given. */
  default Optional<String> text(String name) {
    return option(name).stream().findFirst();
  }

  /**
   * What is asked of a board that is made to measure, by names that it defines: {@code kaslr-seed} to {@code none}, say. It is what the option
   * {@code option} says, as {@code NAME=VALUE}.
   *
   * @throws org.xenolith.platform.api.PlatformException if a text isn't that
   */
  default Map<String, String> boardOptions() {
    return BoardRequest.of(0, 0, option("option")).requests();
  }

  /** The same requests to begin from. */
  Builder toBuilder();

  /** Gathers requests. Each method returns this builder. */
  @ProviderType
  interface Builder {
    /** See {@link LaunchRequest#board}. */
    Builder board(String nameOrFile);

    /** See {@link LaunchRequest#cpus}. */
    Builder cpus(int count);

    /** See {@link LaunchRequest#memory}. */
    Builder memory(long bytes);

    /** Adds one of {@link LaunchRequest#boardOptions}, in the place of what was said by that name. */
    Builder boardOption(String name, String value);

    /** See {@link LaunchRequest#guest}. */
    Builder guest(String name);

    /** Adds one of {@link LaunchRequest#options}, in the place of what it said; none for it not to be given. */
    Builder option(String name, List<String> texts);

    /** Adds one of {@link LaunchRequest#options} with one text. */
    default Builder option(String name, String text) {
      return option(name, List.of(text));
    }

    /** See {@link LaunchRequest#options}; in the place of all there are. */
    Builder options(Map<String, List<String>> byName);

    /** The request. */
    LaunchRequest build();
  }
}
