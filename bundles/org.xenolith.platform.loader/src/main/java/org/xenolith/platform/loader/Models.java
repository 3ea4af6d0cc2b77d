// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.List;
import java.util.Optional;
import org.xenolith.machine.api.ModelDescription;

/** What is installed that could serve a node. */
interface Models {
  /** The description of the model for the first of these values that any model serves. */
  Optional<ModelDescription> serving(List<String> compatible);
}
