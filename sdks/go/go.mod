module github.com/nokycnumber/sdk-go

go 1.23
