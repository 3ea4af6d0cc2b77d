// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import org.xenolith.command.api.BadInput;

/**
 * A multiboot module, as a user writes it: {@code KIND=FILE[,WORDS]}.
 *
 * @param kind  what the hypervisor knows, as {@code kernel}
 * @param file  path of the module's file
 * @param words its command line, may be empty
 */
public record ModuleFile(String kind, String file, String words) {
  /** Takes a text apart. @throws BadInput if it isn't one */
  public static ModuleFile of(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new BadInput("'" + text + "': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0");
    }
    int comma = text.indexOf(',', equals + 1);
    return comma < 0 ? new ModuleFile(text.substring(0, equals), text.substring(equals + 1), "")
        : new ModuleFile(text.substring(0, equals), text.substring(equals + 1, comma), text.substring(comma + 1));
  }
}
