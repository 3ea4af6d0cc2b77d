// SPDX-License-Identifier: EPL-2.0
package org.xenolith.console.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** A display as the outside sees it. Looking changes nothing in the machine. */
@ConsumerType
public interface Display {
  /** What it shows now, made when it is asked for; empty if it is off. On the machine's thread, or while it stands still. */
  Optional<Picture> picture();
}
