// SPDX-License-Identifier: EPL-2.0
/**
 * From a request to a started machine: board, guest, disks and what else the command line and scenarios can ask for. An
 * application asks the {@link org.xenolith.launch.api.Launcher}; whoever must have a say in how a machine is started (a
 * hypervisor, say) offers a {@link org.xenolith.launch.api.LaunchShaper}.
 */
@NullMarked
package org.xenolith.launch.api;

import org.jspecify.annotations.NullMarked;
