// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.control.Machine;
import org.xenolith.share.api.SharePort;

/** Answers of who serves a folder, live or of a journal: the place is the node that the folder is behind. */
@Component
public final class ShareInput implements InputKind {
  @Override
  public String name() {
    return SharePort.INPUT;
  }

  @Override
  public int apply(Machine machine, String place, byte[] bytes) {
    return machine.port(place, SharePort.class).bring(bytes);
  }
}
