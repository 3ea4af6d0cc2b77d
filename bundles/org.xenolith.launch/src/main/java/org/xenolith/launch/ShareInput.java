// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.control.Machine;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.FoldersPort;

/** Answers of who serves a folder, live or of a journal: the place is the node that the folder is behind, or one of several at a node. */
@Component
public final class ShareInput implements InputKind {
  @Override
  public String name() {
    return SharePort.INPUT;
  }

  @Override
  public int apply(Machine machine, String place, byte[] bytes) {
    Optional<String> key = FoldersPort.key(place);
    if (key.isEmpty()) {
      return machine.port(place, SharePort.class).bring(bytes);
    }
    // A device that is gone needs no answer.
    return machine.port(FoldersPort.node(place), FoldersPort.class).port(key.get()).map(port -> port.bring(bytes)).orElse(bytes.length);
  }
}
