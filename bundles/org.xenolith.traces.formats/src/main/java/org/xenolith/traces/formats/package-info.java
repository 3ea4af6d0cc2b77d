// SPDX-License-Identifier: EPL-2.0
/** Forms that traces are written in. */
package org.xenolith.traces.formats;
