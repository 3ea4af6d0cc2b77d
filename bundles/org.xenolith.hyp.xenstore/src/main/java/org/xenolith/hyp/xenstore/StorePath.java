// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import org.xenolith.xen.abi.StoreMessage;

/** Paths: which are allowed, and their parts. */
final class StorePath {
  private static final int ABSOLUTE_MAX = StoreMessage.XENSTORE_ABS_PATH_MAX;
  private static final int RELATIVE_MAX = StoreMessage.XENSTORE_REL_PATH_MAX;

  private StorePath() {
  }

  /** The absolute path of what a domain calls so; EINVAL when that is no path. */
  static String absolute(String path, int domain) {
    boolean relative = !path.startsWith("/");
    if (path.isEmpty() || path.startsWith("@") || path.length() > (relative ? RELATIVE_MAX : ABSOLUTE_MAX)
        || path.length() > 1 && path.endsWith("/") || !spelled(path)) {
      throw new StoreFault(StoreError.EINVAL);
    }
    return relative ? ofDomain(domain) + '/' + path : path;
  }

  /** As {@link #absolute}, or one of the special names. */
  static String absoluteOrSpecial(String path, int domain) {
    return path.equals(StoreTree.INTRODUCED) || path.equals(StoreTree.RELEASED) ? path : absolute(path, domain);
  }

  static String ofDomain(int domain) {
    return "/local/domain/" + domain;
  }

  /** The parent's path; the root is its own parent, and so are special names. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash > 0 ? path.substring(0, slash) : slash == 0 ? "/" : path;
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  static String child(String path, String name) {
    return path.equals("/") ? "/" + name : path + '/' + name;
  }

  /** Whether a path is another one or lies below it. */
  static boolean within(String path, String top) {
    return path.equals(top) || top.equals("/") && path.startsWith("/")
        || path.length() > top.length() && path.charAt(top.length()) == '/' && path.startsWith(top);
  }

  /** Whether all characters are allowed and no name is empty but the first. */
  private static boolean spelled(String path) {
    char before = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (!allowed(c) || c == '/' && before == '/') {
        return false;
      }
      before = c;
    }
    return true;
  }

  private static boolean allowed(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '/' || c == '_' || c == '@';
  }
}
