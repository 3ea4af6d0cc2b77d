// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import org.xenolith.command.api.BadInput;

/**
 * A program for the guest, as a user writes it: {@code GUEST-PATH=FILE}.
 *
 * @param path where it goes in the guest
 * @param file path of the file
 */
public record AddedFile(String path, String file) {
  /** Takes a text apart. @throws BadInput if it isn't one */
  public static AddedFile of(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new BadInput("'" + text + "': expected GUEST-PATH=FILE, for example /bin/bench=bench");
    }
    return new AddedFile(text.substring(0, equals), text.substring(equals + 1));
  }
}
