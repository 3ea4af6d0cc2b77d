// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.ArrayList;
import java.util.List;

/**
 * What a domain may do with a node, in the wire's letters: n nothing, r read, w write, b both. The first of a node's
 * list names the owner, who may do everything; its letter is what domains get that the list doesn't name.
 */
record Permission(int domain, char access) {
  static final int READ = 1;
  static final int WRITE = 2;
  private static final int LAST_DOMAIN = 0x7fef;

  /** The access as {@link #READ} and {@link #WRITE} bits. */
  int bits() {
    return "nrwb".indexOf(access);
  }

  String text() {
    return access + Integer.toString(domain);
  }

  /** Reads one entry like "r5"; EINVAL for anything else. */
  static Permission parse(String text) {
    if (text.length() < 2 || text.length() > 6 || "nrwb".indexOf(text.charAt(0)) < 0) {
      throw new StoreFault(StoreError.EINVAL);
    }
    return new Permission(domain(text.substring(1)), text.charAt(0));
  }

  /** Reads the decimal number of an ordinary domain; EINVAL for anything else. */
  static int domain(String text) {
    long value = number(text);
    if (value > LAST_DOMAIN) {
      throw new StoreFault(StoreError.EINVAL);
    }
    return (int) value;
  }

  /** Reads a decimal number without sign of at most 18 digits; EINVAL for anything else. */
  static long number(String text) {
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new StoreFault(StoreError.EINVAL);
    }
    return Long.parseLong(text);
  }

  /** What the domain may do under a list in which it isn't privileged. */
  static int allowed(List<Permission> list, int domain) {
    if (list.getFirst().domain == domain) {
      return READ | WRITE;
    }
    for (int i = 1; i < list.size(); i++) {
      if (list.get(i).domain == domain) {
        return list.get(i).bits();
      }
    }
    return list.getFirst().bits();
  }

  /** Whether a list names the domain. */
  static boolean named(List<Permission> list, int domain) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).domain == domain) {
        return true;
      }
    }
    return false;
  }

  /** The list under another owner. */
  static List<Permission> ownedBy(List<Permission> list, int domain) {
    List<Permission> other = new ArrayList<>(list);
    other.set(0, new Permission(domain, list.getFirst().access));
    return List.copyOf(other);
  }

  /** The list without a domain that is gone; what it owned falls to domain 0 alone, as its number may be used again. */
  static List<Permission> without(List<Permission> list, int domain) {
    List<Permission> rest = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).domain != domain) {
        rest.add(list.get(i));
      } else if (i == 0) {
        rest.add(new Permission(0, 'n'));
      }
    }
    return List.copyOf(rest);
  }
}
