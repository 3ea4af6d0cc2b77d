// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

/**
 * A request to be told of changes.
 *
 * @param path as the domain wrote it, perhaps relative
 * @param absolute what that means
 * @param token comes back with each event
 */
record Watch(String path, String absolute, String token) {
  /** A path below the watch's, in the domain's own way of writing: relative if the watch is. */
  String eventPath(String changed) {
    return path.equals(absolute) ? changed : path + changed.substring(absolute.length());
  }
}
