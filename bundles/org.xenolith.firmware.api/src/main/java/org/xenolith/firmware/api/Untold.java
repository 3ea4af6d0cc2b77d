// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

/**
 * What a topology has and the tables don't say.
 *
 * @param path   of the node
 * @param what   isn't said, and why
 * @param remedy what the user can do, or what comes in its place
 */
public record Untold(String path, String what, String remedy) {
  @Override
  public String toString() {
    return path + ": " + what + "; " + remedy;
  }
}
