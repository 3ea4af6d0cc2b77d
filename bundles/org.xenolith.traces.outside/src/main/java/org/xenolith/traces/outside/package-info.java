// SPDX-License-Identifier: EPL-2.0
/** Traces of what passes a machine's serial lines and network ports. */
package org.xenolith.traces.outside;
