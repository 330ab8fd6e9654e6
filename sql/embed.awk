# Turns SQL files into C string literals: the head comment of a statement (its lines that start with --) is left
# out, the rest is carried over line by line. A line `-- include: part` brings parts/part.sql of the same folder.
#
#   awk -f embed.awk -v mode=statements -v set=daemon FILE...      names are the files' base names
#   awk -f embed.awk -v mode=header -v set=daemon FILE...
#   awk -f embed.awk -v mode=migrations FILE...                     NNNN_name.up.sql and NNNN_name.down.sql
function base(f) { sub(/^.*\//, "", f); sub(/\.sql$/, "", f); return f }
function quote(s) { gsub(/\\/, "&&", s); gsub(/"/, "\\\"", s); return "\"" s "\\n\"" }
function close_one() { if (open) print (mode == "migrations" ? "    ," : "    },"); open = 0 }
BEGIN {
    print "/* Made by sql/embed.awk from the files under sql/; do not edit. */"
    guard = "MCPR_SQL_" toupper(set) "_H"
    if (mode == "header") {
        print "#ifndef " guard "\n#define " guard "\n#include \"sql/statement.h\"\nenum mcpr_sql_" set "_id {"
        for (i = 1; i < ARGC; i++) if (ARGV[i] !~ /=/) print "    MCPR_SQL_" toupper(base(ARGV[i])) ","
        print "    MCPR_SQL_" toupper(set) "_COUNT\n};"
        print "extern const mcpr_sql_statement mcpr_sql_" set "[MCPR_SQL_" toupper(set) "_COUNT];\n#endif"
        done = 1; exit
    }
    print "#include \"sql/statement.h\""
    if (mode == "statements") {
        print "extern const mcpr_sql_statement mcpr_sql_" set "[];"
        print "const mcpr_sql_statement mcpr_sql_" set "[] = {"
    } else print "const mcpr_sql_migration mcpr_sql_migrations[] = {"
}
FNR == 1 {
    name = base(FILENAME)
    if (mode == "statements") {
        close_one()
        print "    {\"" name "\","
        open = 1
    } else {
        number = substr(name, 1, 4) + 0
        down = name ~ /\.down$/
        title = substr(name, 6); sub(/\.(up|down)$/, "", title)
        if (!down) { if (n++) print "    },"; print "    {" number ", \"" title "\"," } else print "    ,"
    }
}
function bring(part,    file, line, got) {
    file = FILENAME; sub(/[^\/]*$/, "", file); file = file "parts/" part ".sql"
    while ((got = (getline line < file)) > 0) if (line !~ /^[ \t]*--/) print "     " quote(line)
    if (got < 0) { print "embed.awk: " FILENAME ": no " file > "/dev/stderr"; failed = 1; exit 1 }
    close(file)
}
mode == "statements" && /^[ \t]*-- include: / { bring($NF); next }
mode == "statements" && /^[ \t]*--/ { next }
{ print "     " quote($0) }
END {
    if (done) exit
    if (failed) exit 1
    if (mode == "statements") close_one(); else { print "    },"; print "    {0, 0, 0, 0}" }
    print "};"
}
