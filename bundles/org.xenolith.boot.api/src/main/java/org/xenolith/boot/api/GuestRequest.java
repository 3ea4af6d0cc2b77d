// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the caller wants of a guest beyond the usual. A source ignores what has no meaning for it (a guest without a
 * file system ignores files).
 *
 * @param files files to add to the first root file system
 * @param modules names of further kernel modules (without {@code .ko}) that the guest loads when it starts, each with
 *        all modules it depends on
 * @param packages names of the distribution's packages whose files are added to the first root file system (without
 *        documentation), with the shared libraries that their programs need
 * @param refresh look for a newer version even when one is at hand
 * @param deviceTrees the caller reads the board trees in {@link GuestImage#deviceTrees()}, so check them too
 * @param console the board's console, which the command line is to name; empty if no board is known, for that of the guest's usual one
 */
public record GuestRequest(List<GuestFile> files, List<String> modules, List<String> packages, boolean refresh, boolean deviceTrees,
    Optional<BoardConsole> console) {
  /** Nothing special. */
  public static final GuestRequest PLAIN = new GuestRequest(List.of(), List.of(), false, false);

  public GuestRequest {
    files = List.copyOf(files);
    modules = List.copyOf(modules);
    packages = List.copyOf(packages);
    Objects.requireNonNull(console, "console");
  }

  /** A request for no board in particular. */
  public GuestRequest(List<GuestFile> files, List<String> modules, List<String> packages, boolean refresh, boolean deviceTrees) {
    this(files, modules, packages, refresh, deviceTrees, Optional.empty());
  }

  /** A request without packages. */
  public GuestRequest(List<GuestFile> files, List<String> modules, boolean refresh, boolean deviceTrees) {
    this(files, modules, List.of(), refresh, deviceTrees);
  }

  public GuestRequest withFile(GuestFile file) {
    return new GuestRequest(and(files, file), modules, packages, refresh, deviceTrees, console);
  }

  public GuestRequest withModule(String module) {
    return new GuestRequest(files, and(modules, module), packages, refresh, deviceTrees, console);
  }

  /** Asks for a package by the distribution's name, for example {@code xenstore-utils}. */
  public GuestRequest withPackage(String name) {
    return new GuestRequest(files, modules, and(packages, name), refresh, deviceTrees, console);
  }

  public GuestRequest withRefresh() {
    return new GuestRequest(files, modules, packages, true, deviceTrees, console);
  }

  public GuestRequest withDeviceTrees() {
    return new GuestRequest(files, modules, packages, refresh, true, console);
  }

  /** The same for a board with this console. */
  public GuestRequest withConsole(BoardConsole board) {
    return new GuestRequest(files, modules, packages, refresh, deviceTrees, Optional.of(board));
  }

  private static <T> List<T> and(List<T> before, T one) {
    List<T> more = new ArrayList<>(before);
    more.add(one);
    return more;
  }
}
