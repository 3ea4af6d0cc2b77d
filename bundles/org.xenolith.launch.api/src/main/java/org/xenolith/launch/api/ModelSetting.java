// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import org.xenolith.command.api.BadInput;

/**
 * A model's option at a node, as a user writes it: {@code NODE:OPTION=VALUE}.
 *
 * @param node   the node's path
 * @param option the model's option
 * @param value  its value, may be empty
 */
public record ModelSetting(String node, String option, String value) {
  /** Takes a text apart. @throws BadInput if it isn't one */
  public static ModelSetting of(String text) {
    int equals = text.indexOf('=');
    int colon = equals < 0 ? -1 : text.lastIndexOf(':', equals);
    if (colon <= 0) {
      throw new BadInput("'" + text + "': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0");
    }
    return new ModelSetting(text.substring(0, colon), text.substring(colon + 1, equals), text.substring(equals + 1));
  }
}
