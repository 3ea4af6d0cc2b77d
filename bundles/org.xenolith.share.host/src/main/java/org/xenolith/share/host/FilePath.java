// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a file is below the shared folder: names, none of which is a way up. A character is a byte of the name.
 *
 * @param names from the folder down; none is the folder itself
 */
record FilePath(List<String> names) {
  static final FilePath ROOT = new FilePath(List.of());
  /** Bytes of a name (NAME_MAX). */
  static final int LONGEST = 255;
  /** Folders in one another. */
  private static final int DEEPEST = 512;

  FilePath {
    names = List.copyOf(names);
  }

  boolean isRoot() { return names.isEmpty(); }

  String name() {
    return names.getLast();
  }

  FilePath parent() {
    return isRoot() ? this : new FilePath(names.subList(0, names.size() - 1));
  }

  /** @throws FileError if that can be no file's name */
  FilePath child(String name) throws FileError {
    check(name);
    if (names.size() == DEEPEST) {
      throw new FileError(FileError.NAME_TOO_LONG);
    }
    List<String> longer = new ArrayList<>(names);
    longer.add(name);
    return new FilePath(longer);
  }

  /** @throws FileError if that can be no file's name: it leads elsewhere */
  static void check(String name) throws FileError {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
      throw new FileError(FileError.INVALID);
    }
    if (name.length() > LONGEST) {
      throw new FileError(FileError.NAME_TOO_LONG);
    }
  }

  /** Whether it is that one, or below it. */
  boolean isIn(FilePath other) {
    return names.size() >= other.names.size() && names.subList(0, other.names.size()).equals(other.names);
  }

  /** The same below another one. @param from it {@link #isIn} this */
  FilePath moved(FilePath from, FilePath to) {
    List<String> moved = new ArrayList<>(to.names);
    moved.addAll(names.subList(from.names.size(), names.size()));
    return new FilePath(moved);
  }

  @Override
  public String toString() {
    return "/" + String.join("/", names);
  }
}
