// SPDX-License-Identifier: EPL-2.0
/** What those who write subsystems of the hypervisor may reuse, and nobody is promised. */
@NullMarked
package org.xenolith.hyp.kit;

import org.jspecify.annotations.NullMarked;
