// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What to launch; immutable. Made, from what a user says, by {@link Launcher#request}, or in code by the builder of {@code launch.kit}. What
 * is a list of texts has the form of the {@link LaunchOption} for it, which messages name.
 */
@ProviderType
public interface LaunchRequest {
  /** A board's name, or a .dtb or .platform file. */
  String board();

  /** CPUs, 1 to 8; else what the board has, 1 for a board that is made to measure. */
  OptionalInt cpus();

  /** RAM in bytes; else what the board has, 512 MiB for a board that is made to measure. */
  OptionalLong memory();

  /** What is asked of a board that is made to measure, by names that it defines: {@code gic} to {@code 3}, say. */
  Map<String, String> boardOptions();

  /** Options of models that all CPUs are given, by name, unless the option {@code set} says otherwise of one. */
  Map<String, String> cpuOptions();

  /** CPUs and an interrupt controller with what a hypervisor needs that is the kernel (Arm's second exception level); one in Java implies it. */
  boolean el2();

  /** Name of a guest source; with neither this nor the option {@code kernel} the best that there is. */
  Optional<String> guest();

  /** A person sits at the console: a guest that can leave them at a shell is told to, unless told something else. */
  boolean shell();

  /** What was said about {@link #bootsAgain}; empty if nothing was. */
  Optional<Boolean> bootsAgainSaid();

  /**
   * Whether the machine boots again when the guest resets it, as hardware does; else a reset ends the run. Unless that is said it is so
   * where a person sits at the console ({@link #shell}), and a run that nobody watches ends; who replays a journal, which knows what was
   * done, can {@linkplain #bootsAgainUnlessSaid have it so}.
   */
  default boolean bootsAgain() {
    return bootsAgainSaid().orElse(shell() || bootsAgainUnlessSaid());
  }

  /** What {@link #bootsAgain} is if nothing is said of it and nobody sits at the console. */
  boolean bootsAgainUnlessSaid();

  /** Xenolith's own hypervisor under the guest, which becomes Dom0; implied by the two requests that follow. */
  boolean hypervisor();

  /** Configuration files (in the form of xl.cfg) of domains to create beside Dom0. */
  List<Path> domUs();

  /** No Dom0: nothing but {@link #domUs}. */
  boolean noDom0();

  /** What options say that are not among the above, for the shapers which understand them: texts by the option's name. */
  Map<String, List<String>> options();

  /** What one of {@link #options} says; empty if it isn't given. */
  default List<String> option(String name) {
    return options().getOrDefault(name, List.of());
  }

  /** What one of {@link #options} says that isn't repeated; empty if it isn't given. */
  default Optional<String> text(String name) {
    return option(name).stream().findFirst();
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

    /** See {@link LaunchRequest#boardOptions}; in the place of all there are. */
    Builder boardOptions(Map<String, String> byName);

    /** Adds one of {@link LaunchRequest#boardOptions}. */
    Builder boardOption(String name, String value);

    /** Adds one of {@link LaunchRequest#cpuOptions}. */
    Builder cpuOption(String name, String value);

    /** See {@link LaunchRequest#el2}. */
    Builder el2(boolean on);

    /** See {@link LaunchRequest#guest}. */
    Builder guest(String name);

    /** See {@link LaunchRequest#shell}. */
    Builder shell(boolean wanted);

    /** See {@link LaunchRequest#bootsAgain}. */
    Builder bootsAgain(boolean on);

    /** See {@link LaunchRequest#bootsAgainUnlessSaid}. */
    Builder bootsAgainUnlessSaid(boolean on);

    /** See {@link LaunchRequest#hypervisor}. */
    Builder hypervisor(boolean on);

    /** See {@link LaunchRequest#domUs}. */
    Builder domUs(List<Path> files);

    /** See {@link LaunchRequest#noDom0}. */
    Builder noDom0(boolean without);

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
