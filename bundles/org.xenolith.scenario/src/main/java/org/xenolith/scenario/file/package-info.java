// SPDX-License-Identifier: EPL-2.0
/** What a scenario file says, checked when it is read: nothing here touches a machine. */
package org.xenolith.scenario.file;
