// SPDX-License-Identifier: EPL-2.0
/** Traces of what happens in a machine. */
package org.xenolith.traces;
