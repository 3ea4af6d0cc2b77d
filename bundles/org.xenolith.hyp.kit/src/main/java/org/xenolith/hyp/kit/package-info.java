// SPDX-License-Identifier: EPL-2.0
/** What those who write subsystems of the hypervisor may reuse, and nobody is promised. */
package org.xenolith.hyp.kit;
