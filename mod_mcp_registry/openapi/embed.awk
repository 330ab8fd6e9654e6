# Turns the documents of this folder into C strings; comments that start a line are left out.
#
#   awk -f embed.awk FILE...
#
# Each becomes a `const char mcpr_text_NAME_EXT[]`. A line `# include: part` brings parts/part.yaml. With
# `# include: part under PREFIX with PARAMETER` the part's paths get the prefix, and the parameter each.
function quote(s) { gsub(/\\/, "&&", s); gsub(/"/, "\\\"", s); return "    \"" s "\\n\"" }
function symbol(f) { sub(/^.*\//, "", f); gsub(/[^a-z0-9]/, "_", f); return "mcpr_text_" f }
function bring(part, prefix, parameter,    file, line, got) {
    file = FILENAME; sub(/[^\/]*$/, "", file); file = file "parts/" part ".yaml"
    while ((got = (getline line < file)) > 0) {
        if (line ~ /^#/) continue
        if (prefix != "" && line ~ /^  \//) {
            print quote("  " prefix substr(line, 3))
            print quote("    parameters: [{$ref: '#/components/parameters/" parameter "'}]")
        } else print quote(line)
    }
    if (got < 0) { print "embed.awk: " FILENAME ": no " file > "/dev/stderr"; failed = 1; exit 1 }
    close(file)
}
BEGIN {
    print "/* Made by openapi/embed.awk; do not edit. */"
    print "#include \"mod_mcp_registry/openapi/texts.h\""
}
FNR == 1 {
    if (n++) print "    ;"
    print "const char " symbol(FILENAME) "[] ="
}
/^# include: / { bring($3, $5, $7); next }
/^#/ { next }
{ print quote($0) }
END {
    if (failed) exit 1
    print "    ;"
}
