// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import org.xenolith.machine.api.RolePort;

/** Port at the firmware's node by which people's tools ask it. */
public final class InspectionPort extends RolePort<Inspection> implements Inspection {
  @Override
  public List<String> questions() {
    return ask(List.of(), Inspection::questions);
  }

  @Override
  public List<String> answer(String question) {
    return questions().stream().anyMatch(each -> each.split(" ")[0].equals(question)) ? ask(List.of(), firmware -> firmware.answer(
        question))
        : List.of();
  }
}
