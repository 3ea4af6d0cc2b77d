// SPDX-License-Identifier: EPL-2.0
/** What subsystems of the hypervisor share that have to do with x86. */
@NullMarked
package org.xenolith.hyp.x64.kit;

import org.jspecify.annotations.NullMarked;
